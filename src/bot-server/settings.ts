import * as v from 'valibot';
import {PoeError} from '../core/errors.js';

/** What Poe should know about a bot. Poe has defaults for what is missing. Known from fastapi_poe 0.0.83. */
export interface BotSettings {
  /** The bots that this one asks, with how often it does so for one message. */
  serverBotDependencies?: Readonly<Record<string, number>> | undefined;
  /** Whether users may attach files. */
  allowAttachments?: boolean | undefined;
  /** The first message of a chat. */
  introductionMessage?: string | undefined;
  /** Have Poe send the text of attachments. */
  expandTextAttachments?: boolean | undefined;
  /** Have Poe send descriptions of images. */
  enableImageComprehension?: boolean | undefined;
  /** Have Poe join messages so that user and bot alternate. */
  enforceAuthorRoleAlternation?: boolean | undefined;
  /** Have Poe join the messages of other bots in the chat. */
  enableMultiEntityPrompting?: boolean | undefined;
  /** The prices, for people. */
  rateCard?: string | undefined;
  /** The price of a message, for people. */
  costLabel?: string | undefined;
  /** The controls for parameters, with the names of Poe's documentation: `{api_version: '2', sections: […]}`. */
  parameterControls?: Readonly<Record<string, unknown>> | undefined;
  /** The version of Poe's defaults. Default: 2. */
  responseVersion?: number | undefined;
}

const flag = v.optional(v.boolean());
const text = v.optional(v.string());

const settingsSchema = v.strictObject({
  serverBotDependencies: v.optional(v.record(v.string(), v.pipe(v.number(), v.integer(), v.minValue(0)))),
  allowAttachments: flag,
  introductionMessage: text,
  expandTextAttachments: flag,
  enableImageComprehension: flag,
  enforceAuthorRoleAlternation: flag,
  enableMultiEntityPrompting: flag,
  rateCard: text,
  costLabel: text,
  parameterControls: v.optional(
    v.looseObject({api_version: v.literal('2'), sections: v.array(v.record(v.string(), v.unknown()))}),
  ),
  responseVersion: v.optional(v.pipe(v.number(), v.integer())),
});

/** The settings as Poe receives them: all known fields, null for Poe's default. @throws PoeError `usage` */
export function toWireSettings(settings: BotSettings): Record<string, unknown> {
  const parsed = v.safeParse(settingsSchema, settings);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new PoeError('usage', `Invalid settings of the bot: ${v.getDotPath(issue) ?? 'settings'}: ${issue.message}`);
  }
  const {output} = parsed;
  return {
    response_version: output.responseVersion ?? 2,
    context_clear_window_secs: null,
    allow_user_context_clear: null,
    custom_rate_card: null,
    server_bot_dependencies: output.serverBotDependencies ?? {},
    allow_attachments: output.allowAttachments ?? null,
    introduction_message: output.introductionMessage ?? null,
    expand_text_attachments: output.expandTextAttachments ?? null,
    enable_image_comprehension: output.enableImageComprehension ?? null,
    enforce_author_role_alternation: output.enforceAuthorRoleAlternation ?? null,
    enable_multi_bot_chat_prompting: null,
    enable_multi_entity_prompting: output.enableMultiEntityPrompting ?? null,
    rate_card: output.rateCard ?? null,
    cost_label: output.costLabel ?? null,
    parameter_controls: output.parameterControls ?? null,
  };
}
