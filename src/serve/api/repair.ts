import {fieldsOf} from '../../core/http/json.js';
import type {ModelBot} from '../../core/model-bot.js';
import {ServeError} from '../errors/serve-error.js';
import type {BotFormat, BotRequest, JsonObject} from '../serve-backend.js';
import {mapEffort} from './effort.js';

/** Anthropic's format requires a limit. All Claude bots write that much. */
const defaultMaxTokens = 8_192;

/**
 * A request as Poe accepts it.
 * @param bot its entry in the API's list; undefined if there is none
 * @throws ServeError for what Poe does not have
 */
export function repair({format, body, bot: name, isStreamed}: BotRequest, bot: ModelBot | undefined): JsonObject {
  // Programs send null for what they do not set.
  const set = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null));
  return repairs[format]({...set, model: bot?.handle ?? name}, bot, isStreamed);
}

type Repair = (body: JsonObject, bot: ModelBot | undefined, isStreamed: boolean) => JsonObject;

const repairs: Readonly<Record<BotFormat, Repair>> = {
  chat(body, bot, isStreamed) {
    // A word of OpenAI's package for Python, whose content belongs into the request itself.
    const {extra_body, stream_options, messages, stop, ...others} = body;
    const repaired = mapEffort({...others, ...fieldsOf(extra_body)}, bot);
    return {
      ...repaired,
      ...stopOf(stop),
      model: body['model'],
      messages: withSystemRole(messages),
      // For counting what the reply costs.
      ...(isStreamed && {stream_options: {...fieldsOf(stream_options), include_usage: true}}),
      ...requiredSwitches(repaired, bot),
    };
  },
  responses(body) {
    const {instructions, input, previous_response_id, ...others} = body;
    if (previous_response_id !== undefined) throw notStored;
    // Poe ignores instructions (May 2026), so they become a message.
    const items = typeof input === 'string' ? [{role: 'user', content: input}] : withSystemRole(input);
    const hasInstructions = typeof instructions === 'string' && instructions !== '' && Array.isArray(items);
    return {...others, input: hasInstructions ? [{role: 'system', content: instructions}, ...items] : items};
  },
  messages: (body, bot) => ({max_tokens: bot?.outputTokens ?? defaultMaxTokens, ...body}),
};

/** Poe rejects the role `developer` (August 2025). */
function withSystemRole(messages: unknown): unknown {
  if (!Array.isArray(messages)) return messages;
  return messages.map((message: unknown) => {
    const fields = fieldsOf(message);
    return fields['role'] === 'developer' ? {...fields, role: 'system'} : message;
  });
}

/** Poe rejects white space as a text that ends a reply. */
function stopOf(stop: unknown): {stop?: unknown} {
  if (stop === undefined) return {};
  const texts = (Array.isArray(stop) ? stop : [stop]).filter((text) => typeof text !== 'string' || text.trim() !== '');
  if (texts.length === 0) return {};
  return {stop: Array.isArray(stop) ? texts : texts[0]};
}

/** Some bots require that their reasoning is turned on (models.dev, 2026). */
function requiredSwitches(body: JsonObject, bot: ModelBot | undefined): JsonObject {
  if (!bot?.reasoning?.isRequired) return {};
  const missing = bot.parameters.filter(
    ({name, schema}) => /^enable_(?:thinking|reasoning)$/.test(name) && schema?.type === 'boolean' && !(name in body),
  );
  return Object.fromEntries(missing.map(({name}) => [name, true]));
}

const notStored = new ServeError(
  400,
  'Poe does not store responses, so previous_response_id cannot be used. Send the whole conversation as input.',
  {kind: 'invalid_request', code: 'unsupported_parameter', param: 'previous_response_id'},
);
