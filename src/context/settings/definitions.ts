import type {Protocol} from '../../core/options.js';
import type {Backend} from '../../core/errors.js';

/** The settings by key, with the values they may have. */
export interface SettingValues {
  bot: string | undefined;
  via: Backend | undefined;
  protocol: Protocol | undefined;
  'max-points': number | undefined;
  'ask-above': number | 'never';
  retries: number;
  timeout: number;
  info: boolean;
  theme: 'auto' | 'dark' | 'light';
  wrap: 'words' | 'none';
  images: 'auto' | 'off';
  keys: 'emacs' | 'vi';
  notify: boolean;
  'screen-reader': boolean;
}

export type SettingKey = keyof SettingValues;

/** What a setting means, and what it may be. The flag with the same name has the same rules. */
export interface Setting<T = SettingValues[SettingKey]> {
  summary: string;
  /** Completes "Expected …." */
  allowed: string;
  /** The possible values, if they can be listed. */
  choices: readonly string[];
  /** The value if it is not set; undefined if that is up to Poe. */
  default: T;
  /** The value of a text; undefined if it is not allowed. */
  parse(text: string): T | undefined;
  /** JSON Schema of the value. */
  schema: object;
}

const wholePoints = wholeNumber({max: Number.MAX_SAFE_INTEGER, allowed: 'a whole number of points'});

/** All settings, in the order in which they are listed. */
export const settings: {readonly [Key in SettingKey]: Setting<SettingValues[Key]>} = {
  bot: {
    summary: 'Bot of new chats (default: the default bot of your account)',
    allowed: 'the handle of a bot',
    choices: [],
    default: undefined,
    parse: (text) => (/^[^\p{Cc}]{1,200}$/u.test(text) && text.trim() !== '' ? text.trim() : undefined),
    schema: {type: 'string', minLength: 1, maxLength: 200},
  },
  via: oneOf(['web', 'api'], 'Backend of new chats if both are available: web (browser session) or api (API key)'),
  protocol: oneOf(['openai', 'native', 'messages', 'responses', 'images', 'videos'], 'API protocol (API key only)'),
  'max-points': {
    ...wholePoints,
    summary: 'Do not send a message that may cost more',
    default: undefined,
  },
  'ask-above': {
    summary: 'Ask the user of an MCP client before a message that costs more points',
    allowed: 'a whole number of points, or never',
    choices: ['never'],
    default: 1_000,
    parse: (text) => (text === 'never' ? text : wholePoints.parse(text)),
    schema: {anyOf: [wholePoints.schema, {const: 'never'}]},
  },
  retries: {
    ...wholeNumber({max: 20, allowed: 'a whole number from 0 to 20'}),
    summary: 'Resend up to this many times even if each may be charged',
    default: 0,
  },
  timeout: {
    summary: 'Give up after this many seconds without data',
    allowed: 'a number of seconds, more than 0 and at most 86400',
    choices: [],
    default: 120,
    parse(text) {
      const number = Number(text);
      return text.trim() !== '' && number > 0 && number <= 86_400 ? number : undefined;
    },
    schema: {type: 'number', exclusiveMinimum: 0, maximum: 86_400},
  },
  info: flag('Print the chat, cost and remaining points after each reply of send'),
  theme: oneOf(['auto', 'dark', 'light'], 'Colors for a dark or a light terminal', 'auto'),
  wrap: oneOf(['words', 'none'], 'Break long lines of replies at words, or leave that to the terminal', 'words'),
  images: oneOf(['auto', 'off'], 'Show images in the terminal if it can', 'auto'),
  keys: oneOf(['emacs', 'vi'], 'Keys that edit messages in a chat', 'emacs'),
  notify: flag('Notify when a reply arrives while the terminal is in the background'),
  'screen-reader': flag('Disable animation in a chat and print each reply when it is complete'),
};

export const isSettingKey = (key: string): key is SettingKey => Object.hasOwn(settings, key);

// The order of the table.
export const settingKeys = Object.keys(settings).filter(isSettingKey);

/** The value of a setting from JSON; undefined if it is not allowed. */
export function checkSetting<Key extends SettingKey>(key: Key, value: unknown): SettingValues[Key] | undefined {
  const parsed = settings[key].parse(String(value));
  // Numbers and booleans are not accepted as strings, so that editors can check the file, too.
  return typeof parsed === typeof value ? parsed : undefined;
}

function oneOf<const T extends string>(choices: readonly T[], summary: string): Setting<T | undefined>;
function oneOf<const T extends string>(choices: readonly T[], summary: string, byDefault: T): Setting<T>;
function oneOf<T extends string>(choices: readonly T[], summary: string, byDefault?: T): Setting<T | undefined> {
  return {
    summary,
    allowed: `${choices.slice(0, -1).join(', ')} or ${choices.at(-1) ?? ''}`,
    choices,
    default: byDefault,
    parse: (text) => choices.find((choice) => choice === text),
    schema: {enum: choices},
  };
}

function flag(summary: string): Setting<boolean> {
  return {
    summary,
    allowed: 'true or false',
    choices: ['true', 'false'],
    default: false,
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
    schema: {type: 'boolean'},
  };
}

function wholeNumber({max, allowed}: {max: number; allowed: string}) {
  return {
    allowed,
    choices: [],
    parse: (text: string) => (/^\d+$/.test(text) && Number(text) <= max ? Number(text) : undefined),
    schema: {type: 'integer', minimum: 0, maximum: max},
  };
}
