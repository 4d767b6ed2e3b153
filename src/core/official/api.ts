import {setTimeout} from 'node:timers/promises';
import * as v from 'valibot';
import {interruption, PoeError} from '../errors.js';
import type {Log} from '../log.js';
import type {CallOptions} from '../options.js';
import {retryAfterS, silent} from '../web/http.js';
import {networkError} from '../web/network.js';
import {dispatcherFor} from '../web/route.js';
import {Silence} from '../web/silence.js';
import {failure} from './failure.js';

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

/** An answer that has begun, and what watches over it. */
export interface Streamed {
  chunks: AsyncGenerator<Uint8Array, void, undefined>;
  /** Hangs up. */
  close(): void;
}

/** Speaks HTTP with Poe's API. The key goes there and nowhere else: redirects are not followed. */
export class Api {
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
    const {chunks, close} = await this.#ask(path, {method: 'GET'}, signal);
    try {
      return read(path, await textOf(chunks), schema);
    } finally {
      close();
    }
  }

  /** Posts JSON and comes back when the answer begins. @throws PoeError */
  post(path: string, body: unknown, {signal}: CallOptions = {}): Promise<Streamed> {
    const headers = {'Content-Type': 'application/json', Accept: 'text/event-stream'};
    return this.#ask(path, {method: 'POST', headers, body: JSON.stringify(body)}, signal);
  }

  /** Asks again, before anything has come, where another try may go better. */
  async #ask(path: string, request: Request, signal?: AbortSignal): Promise<Streamed> {
    for (let tries = 1; ; tries++) {
      const answer = await this.#once(path, request, signal);
      if (answer.status < 300) return answer;
      const {status, headers} = answer;
      const pauseS = retryAfterS(headers);
      const again = mayPass.has(status) || (status === 500 && tries === 1);
      if (again && tries < mostTries && (pauseS ?? 0) <= longestPauseS) {
        answer.close();
        await pause(
          pauseS === undefined ? firstPauseMs * 2 ** (tries - 1) * (1 + Math.random()) : pauseS * 1000,
          signal,
        );
        continue;
      }
      const body = await textOf(answer.chunks).catch(() => '');
      answer.close();
      throw failure(status, headers, body);
    }
  }

  async #once(path: string, {headers: more, ...request}: Request, signal?: AbortSignal) {
    const {url: base, key, timeoutMs, log} = this.#options;
    const url = new URL(path, base);
    const silence = new Silence(timeoutMs);
    const stop = new AbortController();
    const signals = [silence.signal, stop.signal, ...(signal ? [signal] : [])];
    const started = performance.now();
    const told = (status: number | string) =>
      log({what: `api ${url.pathname}`, status, ms: performance.now() - started});
    const why = (error: unknown): PoeError => {
      if (signal?.aborted) return interruption(signal);
      if (silence.signal.aborted) return silent(timeoutMs, url, error);
      return error instanceof PoeError ? error : networkError(error, url);
    };
    const close = () => {
      silence.end();
      stop.abort();
    };
    // Node and the undici package each have a type of their own for a dispatcher; hence `unknown`, and the `as` below.
    const init: Omit<RequestInit, 'dispatcher'> & {dispatcher?: unknown} = {
      ...request,
      headers: {...more, Authorization: `Bearer ${key}`},
      redirect: 'manual',
      signal: AbortSignal.any(signals),
      dispatcher: await dispatcherFor(url),
    };
    try {
      const response = await fetch(url, init as RequestInit);
      silence.heard();
      const id = response.headers.get('x-request-id');
      told(id === null ? response.status : `${response.status} (${id})`);
      return {status: response.status, headers: response.headers, chunks: watched(response.body, silence, why), close};
    } catch (error) {
      told('failed');
      close();
      throw why(error);
    }
  }
}

async function* watched(body: unknown, silence: Silence, why: (error: unknown) => PoeError) {
  if (!body) return;
  try {
    // In Node a response's body is an async iterable; the DOM's type does not say so.
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      silence.heard();
      yield chunk;
    }
  } catch (error) {
    throw why(error);
  }
}

/** Answers larger than this are not read: the list of models has about 1 MB. */
const maxBytes = 32 * 1024 * 1024;

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new PoeError('not_understood', `Poe's API sent more than ${maxBytes} bytes`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
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

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, {signal}).catch(() => {
    throw interruption(signal);
  });
}
