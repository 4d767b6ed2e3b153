import {PoeError} from '../../core/errors.js';
import type {OwnBotSettings} from '../../core/own-bots.js';
import {type BotFolder, contentFileOf} from '../bot-folder/bot-folder.js';
import type {BotSettings} from '../bot-folder/settings-schema.js';

/** The settings of a bot as its folder says, without keys. */
export function settingsOf({settings, prompt}: BotFolder): OwnBotSettings {
  return {
    category: settings.category,
    name: settings.name ?? settings.handle,
    baseBot: settings.base_bot ?? null,
    prompt,
    description: settings.description ?? '',
    introduction: settings.introduction ?? '',
    temperature: settings.temperature ?? null,
    isPrivate: settings.visibility !== 'public',
    isPromptPublic: settings.prompt_visibility === 'public',
    suggestsReplies: settings.suggested_replies ?? false,
    hasMarkdown: settings.markdown ?? true,
    citesSources: settings.cite_sources ?? true,
    recommendsRelatedBots: settings.related_bots ?? true,
    messagePrice: settings.message_price ?? null,
    messageLimit: settings.message_limit ?? null,
    pictureUrl: settings.picture_url ?? null,
    serverUrl: settings.server_url ?? null,
    accessKey: null,
    endpoint: endpointOf(settings),
    parameterControls: settings.parameter_controls ?? null,
  };
}

function endpointOf({endpoint}: BotSettings): Record<string, unknown> | null {
  if (!endpoint) return null;
  const {api_key_env: _variable, ...rest} = endpoint;
  return rest;
}

/** The environment variable with the key of the bot's server or endpoint. */
export const keyVariableOf = ({access_key_env: server, endpoint}: BotSettings): string | undefined =>
  endpoint ? endpoint.api_key_env : server;

/**
 * The key of the bot's server or endpoint; null if it has none.
 * @throws PoeError `usage` if its environment variable is not set, unless the bot may keep the key it has
 */
export function keyOf(
  settings: BotSettings,
  env: Readonly<Record<string, string | undefined>>,
  {mayKeep}: {mayKeep: boolean},
): string | null {
  const variable = keyVariableOf(settings);
  if (variable === undefined) return null;
  const key = env[variable];
  if (key !== undefined && key !== '') return key;
  if (mayKeep) return null;
  throw new PoeError('usage', `The environment variable ${variable} is not set`, {
    hint: 'Set it to the key that Poe sends to your server. It is not written to any file.',
  });
}

type Field = Exclude<keyof OwnBotSettings, 'accessKey'>;

/** Each setting with its name in the folder. */
export const fieldNames: Record<Field, keyof BotSettings | 'prompt'> = {
  category: 'category',
  name: 'name',
  baseBot: 'base_bot',
  prompt: 'prompt',
  description: 'description',
  introduction: 'introduction',
  temperature: 'temperature',
  isPrivate: 'visibility',
  isPromptPublic: 'prompt_visibility',
  suggestsReplies: 'suggested_replies',
  hasMarkdown: 'markdown',
  citesSources: 'cite_sources',
  recommendsRelatedBots: 'related_bots',
  messagePrice: 'message_price',
  messageLimit: 'message_limit',
  pictureUrl: 'picture_url',
  serverUrl: 'server_url',
  endpoint: 'endpoint',
  parameterControls: 'parameter_controls',
};

const endpointFields: readonly Field[] = ['description', 'isPrivate', 'endpoint', 'parameterControls'];
const isForScriptOrPrompt = (category: string): boolean => category !== 'api';

/** The settings that a bot has: they depend on its kind. */
export function fieldsOf({category, endpoint, baseBot, pictureUrl}: OwnBotSettings): Field[] {
  if (endpoint) return [...endpointFields];
  // Object.keys returns strings; these are the keys of the record.
  const all = Object.keys(fieldNames) as Field[];
  return all.filter((field) => {
    if (field === 'endpoint' || field === 'parameterControls') return false;
    // Without a value of its own, the bot keeps what Poe gave it.
    if (field === 'baseBot') return baseBot !== null;
    if (field === 'pictureUrl') return pictureUrl !== null;
    if (field === 'serverUrl') return category === 'api';
    if (field === 'prompt' || field === 'isPromptPublic') return isForScriptOrPrompt(category);
    if (field === 'temperature' || field === 'citesSources') return category === 'prompt' || category === 'role-play';
    return true;
  });
}

/** The name of a setting for people: that of its field in bot.yaml, or of its file. */
export const shownName = (field: Field, settings: Pick<BotSettings, 'category'>): string =>
  field === 'prompt' ? (contentFileOf(settings) ?? 'prompt') : fieldNames[field];

/** A value as bot.yaml has it. */
export function shownValue(field: Field, value: unknown): unknown {
  if (field === 'isPrivate') return value === true ? 'private' : 'public';
  if (field === 'isPromptPublic') return value === true ? 'public' : 'private';
  return value;
}

export type {Field};
