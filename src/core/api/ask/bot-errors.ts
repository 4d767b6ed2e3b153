import * as v from 'valibot';
import {type ErrorCode, maybeCharged, PoeError} from '../../errors.js';
import {
  anyErrorSchema,
  errorObjectSchema,
  type ErrorMeaning,
  errorSchema,
  isContextLengthError,
  oneLine,
  statusMeanings,
} from '../http/errors.js';

/* Errors inside a response that has already started. */

/** An error that a bot, or the server for it, reports inside a response. */
export class BotError extends PoeError {
  /** Whether the same message may succeed later: the server failed, rather than rejected the message. */
  readonly allowsRetry: boolean;

  constructor([code, message, details]: ErrorMeaning, reason: string, allowsRetry: boolean) {
    super(code, reason ? `${message}: ${reason}` : message, details);
    this.allowsRetry = allowsRetry;
  }
}

/**
 * The error of a reply that ended before anything of it arrived: unless the server has rejected the message, it may have been
 * processed.
 */
export function lostBeforeReply(error: unknown): unknown {
  if (!(error instanceof PoeError)) return error;
  const isFailure = error instanceof BotError ? error.allowsRetry : lostReplies.has(error.code);
  return isFailure ? maybeCharged(error, 'check_usage') : error;
}

const lostReplies: ReadonlySet<ErrorCode> = new Set([
  'network',
  'timeout',
  'unavailable',
  'not_understood',
  'reply_lost',
]);

const botFailed: ErrorMeaning = [
  'bot_failed',
  'The bot stopped with an error',
  {hint: 'The message may have been charged. Try again, or use another bot.'},
];

/** The status of an error type or code. */
const statusesByType: ReadonlyMap<string, number> = new Map(
  Object.entries({
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
  }),
);

/** Statuses that mean the same in the middle of a response; any other means that the bot has failed. */
const statusesInStream: ReadonlySet<number> = new Set([401, 402, 403, 413, 429]);

/**
 * The error in an event of chat completions; undefined if the event reports none.
 * @param isErrorEvent whether the event is named `error`
 */
export function completionError(event: unknown, isErrorEvent: boolean): BotError | undefined {
  const schema = isErrorEvent
    ? v.union([anyErrorSchema, v.object({error: v.optional(errorObjectSchema, {})})])
    : errorSchema;
  const parsed = v.safeParse(schema, event);
  if (!parsed.success) return undefined;
  const {error} = parsed.output;
  const {message, type, code} = typeof error === 'string' ? {message: error, type: '', code: null} : error;
  const isTooLong = isContextLengthError({code, message});
  const status = isTooLong ? 413 : Number(code) || (statusesByType.get(String(code)) ?? statusesByType.get(type) ?? 0);
  const meaning = statusesInStream.has(status) ? statusMeanings[status] : undefined;
  return new BotError(meaning ?? botFailed, oneLine(message || type), !meaning && (status >= 500 || status === 408));
}

/** The error of a response that says that it has failed. */
export const botFailure = (error: {message: string; code: string}): BotError =>
  completionError({error: {...error, type: ''}}, true) ?? new BotError(botFailed, oneLine(error.message), false);

/** The error of an error event of chat completions that is plain text. */
export const completionTextError = (text: string): BotError => new BotError(botFailed, oneLine(text), false);

const text = v.fallback(v.nullish(v.string(), ''), '');

/** The data of an `error` event (Poe protocol specification, 2025). */
const botErrorSchema = v.object({
  allow_retry: v.fallback(v.nullish(v.boolean(), true), true),
  text,
  error_type: text,
  raw_response: v.optional(v.unknown()),
});

const botErrorTypes: ReadonlyMap<string, ErrorMeaning> = new Map(
  Object.entries({
    user_message_too_long: ['too_large', 'The message is too long for the bot', {hint: 'Shorten the message.'}],
    insufficient_fund: [
      'out_of_points',
      'Not enough points for this bot',
      {hint: 'You can buy points at https://poe.com/api/keys.', remedy: 'show_points'},
    ],
    user_caused_error: [
      'refused',
      'The bot rejected the message',
      {hint: 'Change the message, its files or its parameters.'},
    ],
    privacy_authorization_error: [
      'refused',
      'The bot may not receive your messages yet',
      {hint: 'Open it once on https://poe.com and accept its terms, or use another bot.'},
    ],
  }),
);

const unknownBotError: ErrorMeaning = [
  'bot_failed',
  'The bot stopped with an error',
  {hint: 'The message may have been charged. Try again with less text, or use another bot.', remedy: 'show_points'},
];

/** The bot says that the same message would fail again. */
const finalBotError: ErrorMeaning = [
  'bot_failed',
  'The bot stopped with an error',
  {hint: 'The same message would fail again. Change it, or use another bot.'},
];

/** Reads the data of an `error` event: JSON as a rule, else text. The message includes the error id, for Poe's support. */
export function botError(event: unknown): BotError {
  if (typeof event === 'string') return new BotError(unknownBotError, oneLine(event), false);
  const parsed = v.safeParse(botErrorSchema, event);
  if (!parsed.success) return new BotError(unknownBotError, '', false);
  const {allow_retry, text, error_type, raw_response} = parsed.output;
  const id = findErrorId(text) ?? findErrorId(JSON.stringify(raw_response ?? ''));
  const reason = oneLine(text) + (id !== undefined && !text.includes(id) ? ` (error_id: ${id})` : '');
  const meaning = botErrorTypes.get(error_type) ?? meaningOfText(text);
  if (meaning) return new BotError(meaning, reason.trim(), false);
  return new BotError(allow_retry ? unknownBotError : finalBotError, reason.trim(), allow_retry);
}

/** What a text without a type means. */
function meaningOfText(text: string): ErrorMeaning | undefined {
  if (/\b(?:bot|model)\b.*(?:does not exist|not found)/i.test(text)) return statusMeanings[404];
  return isContextLengthError({code: null, message: text}) ? statusMeanings[413] : undefined;
}

const findErrorId = (text: string): string | undefined => /error_id\W{1,4}([\w-]{8,64})/.exec(text)?.[1];
