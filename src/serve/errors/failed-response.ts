import {randomBytes} from 'node:crypto';
import type {ServeError} from './serve-error.js';

/** What has been written of a stream of events. */
export interface WrittenEvents {
  first: string | Uint8Array;
  last: string | Uint8Array;
}

export interface Written {
  /** The bot. */
  bot?: string | undefined;
  events?: WrittenEvents | undefined;
}

/**
 * The events that end a stream of OpenAI's Responses after an error, in the order in which OpenAI sends them: its package throws an
 * error at `error`, and codex 0.171 reads only `response.failed`.
 * @param type OpenAI's type of the error
 */
export function failedResponse(error: ServeError, type: string, {bot = '', events}: Written): string {
  const {message, details} = error;
  const {code = type, param = null} = details;
  const fields = {code, message, param};
  const head = textOf(events?.first);
  const number = Number(lastMatch(textOf(events?.last), /"sequence_number": ?(\d{1,9})/g) ?? -1);
  const response = {
    id: /"id": ?"(resp_[\w-]{1,100})"/.exec(head)?.[1] ?? `resp_${randomBytes(16).toString('hex')}`,
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status: 'failed',
    error: {code: failureCode(error), message},
    incomplete_details: null,
    model: bot,
    output: [],
    usage: null,
  };
  return [
    {type: 'error', sequence_number: number + 1, ...fields, error: {type, ...fields}},
    {type: 'response.failed', sequence_number: number + 2, response},
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('');
}

/**
 * The code of a failed response that was possibly charged. codex 0.171 sends the request again, up to five times, after any code but a
 * few. Of these, this is the one whose message it shows.
 */
export const finalCode = 'invalid_prompt';

/** The codes of failed responses that cost nothing, or after which no program sends the request again. */
export const finalCodes: ReadonlySet<string> = new Set([
  finalCode,
  'insufficient_quota',
  'context_length_exceeded',
  'rate_limit_exceeded',
]);

function failureCode({details: {kind, mayRepeat = true}}: ServeError): string {
  if (kind === 'out_of_points') return 'insufficient_quota';
  if (!mayRepeat) return finalCode;
  return kind === 'rate_limited' ? 'rate_limit_exceeded' : 'server_error';
}

const textOf = (events: string | Uint8Array = ''): string =>
  typeof events === 'string' ? events : new TextDecoder().decode(events);

const lastMatch = (text: string, pattern: RegExp): string | undefined => [...text.matchAll(pattern)].at(-1)?.[1];
