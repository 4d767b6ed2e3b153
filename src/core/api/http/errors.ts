import * as v from 'valibot';
import {type ErrorCode, type ErrorDetails, PoeError} from '../../errors.js';
import {quote} from '../../redact.js';
import {retryHint} from '../../http/retry.js';
import type {ResponseHeaders} from '../../http/transport.js';

/** The error for a status or an error type. */
export type ErrorMeaning = readonly [code: ErrorCode, message: string, details: ErrorDetails];

const unavailable: ErrorMeaning = ['unavailable', "Poe's API is unavailable", {hint: 'Try again in a minute.'}];

/** The statuses that Poe documents (API reference, April 2026). */
export const statusMeanings: Readonly<Record<number, ErrorMeaning>> = {
  400: ['refused', "Poe's API rejected the request", {remedy: 'show_parameters'}],
  401: ['bad_tokens', "Poe's API rejected the key", {remedy: 'log_in', needs: 'api'}],
  402: [
    'out_of_points',
    'Not enough points',
    {hint: 'You can buy points at https://poe.com/api/keys.', remedy: 'show_points'},
  ],
  403: [
    'refused',
    "Poe's API does not allow this",
    {hint: 'The message may break a rule, or your plan may not include the bot.'},
  ],
  404: ['bot_not_found', "Not found by Poe's API", {remedy: 'list_bots'}],
  408: ['unavailable', 'The bot did not respond in time', {hint: 'Try again, or use another bot.'}],
  413: ['too_large', 'The message is too large for the bot', {hint: 'Shorten it.', remedy: 'clear_context'}],
  429: ['rate_limited', 'Rate limited by Poe', {hint: 'Try again in a minute.'}],
  500: [
    'unavailable',
    "The bot's provider failed or could not read the request",
    {hint: 'Try again. If that does not help, omit parameters and files, or use another bot.'},
  ],
  502: ['unavailable', 'The model behind the bot is unavailable', {hint: 'Try again later, or use another bot.'}],
  503: unavailable,
  529: ['unavailable', "Poe's API is overloaded", {hint: 'Try again in a minute.'}],
};

/** The error of a response that reports one. */
export function responseError(status: number, headers: ResponseHeaders, body: string): PoeError {
  if (headers.get('cf-mitigated') === 'challenge') {
    return new PoeError('cloudflare', `Cloudflare blocks access to Poe's API (HTTP ${status})`, {
      hint: 'Use another network, or no VPN.',
    });
  }
  const [code, message, details] = statusMeanings[status] ?? (status >= 500 ? unavailable : unknownResponse);
  const reason = errorText(body);
  const hint = retryHint(headers);
  return new PoeError(
    code,
    `${message} (HTTP ${status}${reason && `: ${reason}`})`,
    hint === undefined ? details : {hint},
  );
}

const unknownResponse: ErrorMeaning = [
  'not_understood',
  "Unknown response of Poe's API",
  {hint: 'Look for a newer version of poe.'},
];

/** A successful response whose body is not understood. @param what names the request, such as its path */
export const unknownBody = (what: string, cause?: unknown): PoeError =>
  new PoeError('not_understood', `Unknown response of Poe's API to ${what}`, {
    hint: 'Look for a newer version of poe.',
    cause,
  });

const text = v.fallback(v.nullish(v.string(), ''), '');

export const errorObjectSchema = v.object({
  message: text,
  type: text,
  code: v.fallback(v.nullish(v.union([v.string(), v.number()]), null), null),
});

/** An error in OpenAI's format: an object or a text. */
export const errorSchema = v.object({error: v.union([v.pipe(v.string(), v.nonEmpty()), errorObjectSchema])});

/** All known formats of an error response. */
export const anyErrorSchema = v.union([
  errorSchema,
  v.pipe(
    v.object({message: v.string()}),
    v.transform(({message}) => ({error: message})),
  ),
  v.pipe(
    v.object({detail: v.string()}),
    v.transform(({detail}) => ({error: detail})),
  ),
]);

/** The reason in the body of an error response, which is JSON or plain text; '' for a web page. */
function errorText(body: string): string {
  try {
    const parsed = v.safeParse(anyErrorSchema, JSON.parse(body));
    if (!parsed.success) return '';
    const {error} = parsed.output;
    return oneLine(typeof error === 'string' ? error : error.message || error.type);
  } catch {
    return /^\s*</.test(body) ? '' : oneLine(body);
  }
}

/** Shortens a text of the server to one line without secrets. */
export const oneLine = (text: string): string =>
  quote(text.trimStart(), 5000).replaceAll(/\s+/g, ' ').trim().slice(0, 500);
