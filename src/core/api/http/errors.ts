import * as v from 'valibot';
import {type ErrorCode, type ErrorDetails, PoeError} from '../../errors.js';
import {quote} from '../../log/redact.js';
import {retryAfterS, retryHint} from '../../http/retry.js';
import type {ResponseHeaders} from '../../http/transport.js';

/** The error for a status or an error type. */
export type ErrorMeaning = readonly [code: ErrorCode, message: string, details: ErrorDetails];

const unavailable: ErrorMeaning = ['unavailable', "Poe's API is unavailable", {hint: 'Try again in a minute.'}];

/** The statuses that Poe documents (API reference, April 2026). */
export const statusMeanings: Readonly<Record<number, ErrorMeaning>> = {
  400: ['refused', "Poe's API rejected the request", {hint: 'Change the message, its files or its parameters.'}],
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
  413: ['too_large', 'The message is too large for the bot', {hint: 'Shorten the message.'}],
  422: ['refused', "Poe's API rejected the request", {remedy: 'show_parameters'}],
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

const failed: ErrorMeaning = ['unavailable', "Poe's API failed", {hint: 'Try again in a minute.'}];

/** The statuses of a request that sends no message. */
const dataMeanings: typeof statusMeanings = {
  ...statusMeanings,
  403: ['refused', "Poe's API does not allow this", {hint: 'Your plan may not include it.'}],
  408: failed,
  500: failed,
  502: failed,
};

/** The error of a response. */
export class ResponseError extends PoeError {
  /** The field of the request that the API does not accept, such as `stream_options.include_usage`. */
  readonly rejectedField: string | undefined;
  readonly status: number;
  /** The kind of error that the body names, such as `not_found_error`; '' if there is none. */
  readonly type: string;

  constructor(
    [code, message, details]: ErrorMeaning,
    {status, type = '', rejectedField}: {status: number; type?: string; rejectedField?: string | undefined},
  ) {
    super(code, message, details);
    this.rejectedField = rejectedField;
    this.status = status;
    this.type = type;
  }
}

/** Errors by which a server says that it has not processed a request, whatever the status of the response. */
export const unprocessedErrors: ReadonlySet<string> = new Set([
  'not_found_error',
  'not_found',
  'invalid_request_error',
]);

/** The error of a response that reports one to a message. */
export const messageError = (status: number, headers: ResponseHeaders, body: string): PoeError =>
  responseError(statusMeanings, status, headers, body);

/** The error of a response that reports one to any other request. */
export const dataError = (status: number, headers: ResponseHeaders, body: string): PoeError =>
  responseError(dataMeanings, status, headers, body);

function responseError(
  meanings: typeof statusMeanings,
  status: number,
  headers: ResponseHeaders,
  body: string,
): PoeError {
  if (headers.get('cf-mitigated') === 'challenge') {
    return new PoeError('cloudflare', `Cloudflare blocks access to Poe's API (HTTP ${status})`, {
      hint: 'Use another network, or no VPN.',
    });
  }
  const error = errorIn(body);
  const isTooLong = status === 400 && isContextLengthError(error);
  const meaning = meanings[isTooLong ? 413 : status] ?? (status >= 500 ? unavailable : unknownResponse);
  const [code, message, details] = meaning;
  const hint = retryHint(headers);
  return new ResponseError(
    [
      code,
      `${message} (HTTP ${status}${error.message && `: ${error.message}`})`,
      hint === undefined ? details : {hint, retryAfterS: retryAfterS(headers)},
    ],
    {status, type: error.type, rejectedField: status === 400 ? rejectedField(error) : undefined},
  );
}

/** Whether an error says that the message and its context are longer than the bot can read. */
export const isContextLengthError = ({code, message}: Pick<ApiError, 'code' | 'message'>): boolean =>
  code === 'context_length_exceeded' || /context[ _]length|maximum context|prompt is too long/i.test(message);

/** The name in `param`, or in the message of servers that do not send it. */
function rejectedField({code, param, message}: ApiError): string | undefined {
  const [, quoted] = /unknown parameter:? ['"`]([\w.]+)/i.exec(message) ?? [];
  return code === 'unknown_parameter' && param !== '' ? param : quoted;
}

/** A path that is not one of a bot, and which the API does not have. */
export const unknownPath = (path: string): PoeError =>
  new PoeError('not_understood', `Poe's API has no ${path} (HTTP 404)`, {
    hint: 'Check the URL of the API, or look for a newer version of poe.',
  });

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
  param: text,
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

/** The error in the body of a response. */
interface ApiError {
  /** One line; '' if there is none. */
  message: string;
  type: string;
  code: string | number | null;
  /** '' if the error is not about one parameter. */
  param: string;
}

/** The body is JSON or plain text. A web page says nothing. */
function errorIn(body: string): ApiError {
  const none = {message: '', type: '', code: null, param: ''};
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return /^\s*</.test(body) ? none : {...none, message: oneLine(body)};
  }
  const parsed = v.safeParse(anyErrorSchema, json);
  if (!parsed.success) return none;
  const {error} = parsed.output;
  if (typeof error === 'string') return {...none, message: oneLine(error)};
  return {...error, message: oneLine(error.message || error.type)};
}

/** Shortens a text of the server to one line without secrets. */
export const oneLine = (text: string): string =>
  quote(text.trimStart(), 5000).replaceAll(/\s+/g, ' ').trim().slice(0, 500);
