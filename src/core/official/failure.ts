import * as v from 'valibot';
import {type ErrorCode, PoeError} from '../errors.js';
import {retryAfterS} from '../web/http.js';
import {whereKeysAre} from './address.js';

const Told = v.object({error: v.object({message: v.fallback(v.string(), ''), code: v.optional(v.unknown())})});

/** What an answer of this status means; Poe's documentation lists them (2026). */
const meanings: Readonly<Record<number, readonly [code: ErrorCode, message: string, hint: string]>> = {
  400: [
    'refused',
    'Poe refused the request',
    'Leave out what the bot does not know: poe bot-info <bot> --via api lists it.',
  ],
  401: ['bad_tokens', 'Poe does not take the API key', whereKeysAre],
  402: [
    'out_of_points',
    'There are no points left for the API',
    'poe settings --via api shows them; they can be bought at https://poe.com/api/keys.',
  ],
  403: [
    'refused',
    'Poe does not allow this',
    'The message may be against the rules, or the plan may not include the bot.',
  ],
  404: ['bot_not_found', 'Poe does not know that', 'poe explore --via api lists the bots.'],
  408: ['unavailable', 'The bot did not begin in time', 'Try again.'],
  413: [
    'too_large',
    'The message is too large for the bot',
    'Shorten it, or have the chat forgotten: poe clear-context <chat>',
  ],
  429: ['rate_limited', 'Too many requests', 'Wait a minute, then try again.'],
};

const unavailable = ['unavailable', 'The API is out of order', 'Try again in a while.'] as const;

/** The error that an answer with such a status stands for. */
export function failure(status: number, headers: Headers, body: string): PoeError {
  const [code, message, hint] = meanings[status] ?? (status >= 500 ? unavailable : meaningless);
  const told = toldIn(body);
  const pauseS = status === 429 || status === 503 ? retryAfterS(headers) : undefined;
  return new PoeError(code, `${message} (${status}${told && `: ${told}`})`, {
    hint: pauseS === undefined ? hint : `Try again in ${pauseS} ${pauseS === 1 ? 'second' : 'seconds'}.`,
  });
}

const meaningless = [
  'not_understood',
  'Poe answered in a way that is not understood',
  'poe may be out of date.',
] as const;

function toldIn(body: string): string {
  try {
    const parsed = v.safeParse(Told, JSON.parse(body));
    return parsed.success ? oneLine(parsed.output.error.message) : '';
  } catch {
    return '';
  }
}

/** What went wrong while a reply came in. */
export function brokenOff(event: unknown): PoeError | undefined {
  const parsed = v.safeParse(Told, event);
  if (!parsed.success) return undefined;
  const {message, code} = parsed.output.error;
  const status = Number(code);
  const kind = meanings[status]?.[0];
  return new PoeError(
    kind === 'out_of_points' || kind === 'too_large' ? kind : 'bot_failed',
    `The bot broke off${message && `: ${oneLine(message)}`}`,
    {hint: 'Try again, or ask another bot.'},
  );
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().slice(0, 500);
