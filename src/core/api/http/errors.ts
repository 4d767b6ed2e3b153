import * as v from 'valibot';
import {type ErrorCode, PoeError} from '../../errors.js';
import {quote} from '../../redact.js';
import {retryAfterS} from '../../http/retry.js';
import type {AnswerHeaders} from '../../http/transport.js';
import {whereKeysAre} from './address.js';

type Meaning = readonly [code: ErrorCode, message: string, hint: string];

/** What an answer of this status means; Poe's documentation lists them (2026). */
const meanings: Readonly<Record<number, Meaning>> = {
  400: [
    'refused',
    'Poe’s API refused the request',
    'Leave out what the bot does not know: poe bot-info <bot> --via api lists it.',
  ],
  401: ['bad_tokens', 'Poe’s API does not take the key', whereKeysAre],
  402: [
    'out_of_points',
    'There are no points left for Poe’s API',
    'poe settings --via api shows them; they can be bought at https://poe.com/api/keys.',
  ],
  403: [
    'refused',
    'Poe’s API does not allow this',
    'The message may be against the rules, or the plan may not include the bot.',
  ],
  404: ['bot_not_found', 'Poe’s API does not know that', 'poe explore --via api lists the bots.'],
  408: ['unavailable', 'The bot did not begin in time', 'Try again, or ask another bot.'],
  413: [
    'too_large',
    'The message is too large for the bot',
    'Shorten it, or have the chat forgotten: poe clear-context <chat>',
  ],
  429: ['rate_limited', 'Too many requests for Poe’s API', 'Wait a minute, then try again.'],
  500: [
    'unavailable',
    'The provider of the bot failed, or could not read the request',
    'Try again; if that does not help, leave out parameters and files, or ask another bot.',
  ],
  502: ['unavailable', 'The model behind the bot is out of order', 'Try again in a while, or ask another bot.'],
  503: ['unavailable', 'Poe’s API is out of order', 'Try again in a while.'],
  529: ['unavailable', 'Poe’s API is overloaded', 'Try again in a while.'],
};

const unavailable: Meaning = ['unavailable', 'Poe’s API is out of order', 'Try again in a while.'];
const meaningless: Meaning = [
  'not_understood',
  'Poe’s API answered in a way that is not understood',
  'poe may be out of date.',
];

/** The status that an error's type stands for, where only that is told. */
const statuses: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  invalid_api_key: 401,
  insufficient_credits: 402,
  moderation_error: 403,
  not_found_error: 404,
  not_found: 404,
  model_not_found: 404,
  timeout_error: 408,
  request_too_large: 413,
  rate_limit_error: 429,
  provider_error: 500,
  upstream_error: 502,
  overloaded_error: 529,
};

/** The error that an answer with such a status stands for. */
export function failure(status: number, headers: AnswerHeaders, body: string): PoeError {
  if (headers.get('cf-mitigated') === 'challenge') {
    return new PoeError(
      'cloudflare',
      `Cloudflare stands before Poe’s API and wants proof of a browser (HTTP ${status})`,
      {
        hint: 'Use another network, or no VPN.',
      },
    );
  }
  const [code, message, hint] = meanings[status] ?? (status >= 500 ? unavailable : meaningless);
  const told = toldIn(body);
  const pauseS = retryAfterS(headers);
  return new PoeError(code, `${message} (${status}${told && `: ${told}`})`, {
    hint: pauseS === undefined ? hint : `Try again in ${pauseS} ${pauseS === 1 ? 'second' : 'seconds'}.`,
  });
}

const words = v.fallback(v.nullish(v.string(), ''), '');
const Detailed = v.object({
  message: words,
  type: words,
  code: v.fallback(v.nullish(v.union([v.string(), v.number()]), null), null),
});
/** What went wrong: an object, or just words. */
const Told = v.object({error: v.union([v.pipe(v.string(), v.nonEmpty()), Detailed])});
const Plain = v.union([
  Told,
  v.pipe(
    v.object({message: v.string()}),
    v.transform(({message}) => ({error: message})),
  ),
  v.pipe(
    v.object({detail: v.string()}),
    v.transform(({detail}) => ({error: detail})),
  ),
]);

/** What the body of an answer says: JSON of several forms, or words; nothing where it is a web page. */
function toldIn(body: string): string {
  try {
    const parsed = v.safeParse(Plain, JSON.parse(body));
    if (!parsed.success) return '';
    const {error} = parsed.output;
    return oneLine(typeof error === 'string' ? error : error.message || error.type);
  } catch {
    return /^\s*</.test(body) ? '' : oneLine(body);
  }
}

/**
 * What went wrong while an answer of chat completions came in, if that is what an event tells.
 * @param isNamed whether the event is called an error
 */
export function brokenOff(event: unknown, isNamed: boolean): PoeError | undefined {
  const parsed = v.safeParse(isNamed ? v.union([Plain, v.object({error: v.optional(Detailed, {})})]) : Told, event);
  if (!parsed.success) return undefined;
  const {error} = parsed.output;
  const {message, type, code} = typeof error === 'string' ? {message: error, type: '', code: null} : error;
  const status = Number(code) || statuses[String(code)] || statuses[type] || 0;
  const meaning = passedOn.has(status) ? meanings[status] : undefined;
  const told = oneLine(message || type);
  return new PoeError(meaning?.[0] ?? 'bot_failed', `${meaning?.[1] ?? 'The bot broke off'}${told && `: ${told}`}`, {
    hint: meaning?.[2] ?? 'Try again, or ask another bot.',
  });
}

/** What went wrong, where an event tells it in words. */
export const brokenOffInWords = (words: string): PoeError => {
  const told = oneLine(words);
  return new PoeError('bot_failed', `The bot broke off${told && `: ${told}`}`, {
    hint: 'Try again, or ask another bot.',
  });
};

/** Those statuses that mean the same where the answer has already begun; with others the bot has failed. */
const passedOn: ReadonlySet<number> = new Set([401, 402, 403, 413, 429]);

const BotError = v.object({
  allow_retry: v.fallback(v.nullish(v.boolean(), true), true),
  text: words,
  error_type: words,
  raw_response: v.optional(v.unknown()),
});

/** What an error of a bot may be, in Poe's own protocol. */
const botErrors: Readonly<Record<string, Meaning>> = {
  user_message_too_long: [
    'too_large',
    'The message is too long for the bot',
    'Shorten it, or have the chat forgotten: poe clear-context <chat>',
  ],
  insufficient_fund: [
    'out_of_points',
    'There are no points left for this bot',
    'poe settings --via api shows them; they can be bought at https://poe.com/api/keys.',
  ],
  user_caused_error: ['refused', 'The bot refuses the message', 'Change the message, its files or its parameters.'],
  privacy_authorization_error: [
    'refused',
    'The bot may not be given your messages',
    'Open it once on https://poe.com and agree to what it asks for, or ask another bot.',
  ],
};

/** An error event of Poe's own protocol. */
export class BotFailure extends PoeError {
  /** Whether the bot takes the same question again. */
  readonly mayRetry: boolean;

  constructor(meaning: Meaning, told: string, mayRetry: boolean) {
    const [code, message, hint] = meaning;
    super(code, `${message}${told && `: ${told}`}`, {hint});
    this.mayRetry = mayRetry;
  }
}

/** What a bot's error event means. The id that it tells stays in the message, for Poe's support. */
export function botError(event: unknown): BotFailure {
  if (typeof event === 'string') return new BotFailure(botBroke, oneLine(event), false);
  const parsed = v.safeParse(BotError, event);
  if (!parsed.success) return new BotFailure(botBroke, '', false);
  const {allow_retry, text, error_type, raw_response} = parsed.output;
  const id = errorId(text) ?? errorId(JSON.stringify(raw_response ?? ''));
  const told = oneLine(text) + (id !== undefined && !text.includes(id) ? ` (error_id: ${id})` : '');
  const isUnknown = /\b(?:bot|model)\b.*(?:does not exist|not found)/i.test(text);
  const meaning = botErrors[error_type] ?? (isUnknown ? meanings[404] : undefined) ?? botBroke;
  return new BotFailure(meaning, told.trim(), allow_retry);
}

const botBroke: Meaning = [
  'bot_failed',
  'The bot broke off',
  'Try again with less text, look at the balance (poe settings --via api), or ask another bot.',
];

const errorId = (text: string): string | undefined => /error_id\W{1,4}([\w-]{8,64})/.exec(text)?.[1];

const oneLine = (text: string): string => quote(text.trimStart(), 5000).replaceAll(/\s+/g, ' ').trim().slice(0, 500);
