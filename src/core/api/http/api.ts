import {setTimeout} from 'node:timers/promises';
import * as v from 'valibot';
import {interruption, PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import type {CallOptions} from '../../options.js';
import {retryAfterS} from '../../http/retry.js';
import {Clock} from '../../http/clock.js';
import {type StartedResponse, startRequest, readText} from './exchange.js';
import {failure} from './errors.js';

/** How often what has not begun is asked for. */
const mostTries = 3;
const firstPauseMs = 250;
/** A server that asks for a longer pause than this gets no second try; the caller is told instead. */
const longestPauseS = 15;
const mayPass: ReadonlySet<number> = new Set([408, 429, 502, 503, 529]);

export interface ApiOptions {
  url: URL;
  key: string;
  timeoutMs: number;
  log: Log;
}

interface Request {
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
}

/** Speaks HTTP with Poe's API. The key goes there and nowhere else: redirects are not followed. */
export class Api {
  readonly clock = new Clock();
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  get log(): Log {
    return this.#options.log;
  }

  /** The address of the API. */
  get url(): URL {
    return this.#options.url;
  }

  /** @throws PoeError */
  async get<const S extends v.GenericSchema>(
    path: string,
    schema: S,
    {signal}: CallOptions = {},
  ): Promise<v.InferOutput<S>> {
    const begun = await this.#ask(path, {method: 'GET'}, signal);
    try {
      return read(path, await readText(begun), schema);
    } finally {
      begun.close();
    }
  }

  /** Posts JSON and comes back when the answer begins. @param accept the form that it is to have @throws PoeError */
  post(path: string, body: unknown, {accept, signal}: CallOptions & {accept: string}): Promise<StartedResponse> {
    const headers = {'Content-Type': 'application/json', Accept: accept};
    return this.#ask(path, {method: 'POST', headers, body: JSON.stringify(body)}, signal);
  }

  /** Asks again, before anything has come, where another try may go better. */
  async #ask(path: string, request: Request, signal?: AbortSignal): Promise<StartedResponse> {
    for (let tries = 1; ; tries++) {
      const usualMs = firstPauseMs * 2 ** (tries - 1) * (1 + Math.random());
      const answer = await this.#once(path, request, signal).catch((error: unknown) => {
        // A connection that broke before the first byte of an answer; one that cannot be made at all is told of.
        if (tries < mostTries && isCut(error)) return undefined;
        throw error;
      });
      if (answer && answer.status < 300) return answer;
      const pauseMs = answer ? pauseAfter(answer, tries, usualMs) : usualMs;
      if (answer && pauseMs === undefined) throw await failureOf(answer);
      answer?.close();
      await pause(pauseMs ?? 0, signal);
    }
  }

  async #once(path: string, {headers, ...request}: Request, signal?: AbortSignal): Promise<StartedResponse> {
    const {url: base, key, timeoutMs, log} = this.#options;
    const url = new URL(path, base);
    const name = `api ${url.pathname}`;
    const begun = await startRequest(
      url,
      {...request, headers: {...headers, Authorization: `Bearer ${key}`}},
      {name, timeoutMs, log, signal},
    );
    this.clock.hear(begun.headers);
    return begun;
  }
}

/** How long to wait for another try; undefined where none is worth it. */
function pauseAfter({status, headers}: StartedResponse, tries: number, usualMs: number): number | undefined {
  const isWorthIt = mayPass.has(status) || (status === 500 && tries === 1);
  const wantedS = retryAfterS(headers);
  if (!isWorthIt || tries >= mostTries || (wantedS ?? 0) > longestPauseS) return undefined;
  return wantedS === undefined ? usualMs : wantedS * 1000;
}

/** Reads what went wrong, and hangs up. */
async function failureOf(answer: StartedResponse): Promise<PoeError> {
  const body = await readText(answer).catch(() => '');
  answer.close();
  return failure(answer.status, answer.headers, body);
}

/** Whether a connection that stood was lost. */
export function isCut(error: unknown): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && (at.code === 'ECONNRESET' || at.code === 'EPIPE')) return true;
  }
  return false;
}

function read<const S extends v.GenericSchema>(path: string, text: string, schema: S): v.InferOutput<S> {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch (error) {
    throw new PoeError('not_understood', `Poe's API answered ${path} in a way that is not understood`, {
      hint: 'poe may be out of date.',
      cause: error,
    });
  }
}

export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, {signal}).catch(() => {
    throw interruption(signal);
  });
}
