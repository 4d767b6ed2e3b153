import {Readable} from 'node:stream';
import ky, {HTTPError, type Options} from 'ky';
import {interruption, PoeError} from '../errors.js';
import type {Log} from '../log.js';
import {browserHeaders} from './browser.js';
import {Clock, timeOf} from './clock.js';
import type {Cookies} from './cookies.js';
import {networkError} from './network.js';
import {dispatcherFor} from './route.js';
import {Silence} from './silence.js';

/** Answers larger than this are not read: Poe's pages have 2–5 MB. */
const maxBytes = 32 * 1024 * 1024;
export const tooMuchHint = 'It was not read any further. Check the address; if it is right, try again later.';
/** A server that asks for a longer pause than this gets no second try; the caller is told instead. */
const longestPauseS = 15;
/** At most, where nobody says how long it is to be. */
const firstPauseMs = 300;

export interface Request {
  method: 'get' | 'post';
  /** What is asked, for the log. */
  name: string;
  headers?: Record<string, string>;
  body?: string;
  /** Only for what may be asked twice. */
  retry: boolean;
  signal?: AbortSignal;
}

/** A body that is made while it is sent. */
export interface Upload {
  name: string;
  headers: Record<string, string>;
  /** Bytes. */
  length: number;
  chunks: () => AsyncIterable<Uint8Array>;
  /** Is told how many bytes have been taken so far. */
  onSent: (bytes: number) => void;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

/** An answer that has begun. */
interface Raw {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Speaks HTTP with one site as one session: its cookies go to the site's own host and to no other. */
export class Http {
  readonly clock = new Clock();

  constructor(
    readonly site: URL,
    readonly userAgent: string,
    readonly cookies: Cookies,
    readonly timeoutMs: number,
    readonly log: Log,
  ) {}

  /**
   * Any status is an answer; redirects are not followed.
   * @throws PoeError `network`, `timeout`, `interrupted`
   */
  async ask(url: URL, request: Request): Promise<Answer> {
    let hasBegun = false;
    const exchange = () =>
      this.#exchange(url, request, async (signal) => {
        const response = await this.#fetch(url, {...request, signal});
        hasBegun = true;
        return response;
      });
    try {
      return await exchange();
    } catch (error) {
      // ky asks again where no answer comes; this is one that broke off.
      if (!request.retry || !hasBegun || !(error instanceof PoeError && error.code === 'network')) throw error;
      return exchange();
    }
  }

  /**
   * As `ask`, for a body that is too large to be held. It is sent once, and silence counts from the last byte that was taken.
   * ky would keep a copy of it, so that it could send it again.
   * @throws PoeError `network`, `timeout`, `interrupted`, and what making the body throws
   */
  async upload(url: URL, {headers, length, chunks, onSent, ...request}: Upload): Promise<Answer> {
    return this.#exchange(url, request, async (signal, heard) => {
      // fetch would keep a copy of the body too.
      const [{request: send}, {unpacked}] = await Promise.all([import('undici'), import('./packed.js')]);
      const {
        statusCode,
        headers: answered,
        body,
      } = await send(url, {
        method: 'POST',
        headers: {...this.#headers(url), ...headers, 'Content-Length': String(length)},
        body: Readable.from(counted(chunks(), onSent, heard)),
        signal,
        // Silence is watched over here.
        headersTimeout: 0,
        bodyTimeout: 0,
        dispatcher: await dispatcherFor(url),
      });
      const answeredHeaders = headersOf(answered);
      return {status: statusCode, headers: answeredHeaders, body: unpacked(body, answeredHeaders)};
    });
  }

  async #exchange(
    url: URL,
    {name, signal}: {name: string; signal?: AbortSignal},
    ask: (signal: AbortSignal, heard: () => void) => Promise<Raw>,
  ): Promise<Answer> {
    const silence = new Silence(this.timeoutMs);
    const started = performance.now();
    const log = (status: number | string) => this.log({what: name, status, ms: performance.now() - started});
    try {
      const response = await ask(signal ? AbortSignal.any([signal, silence.signal]) : silence.signal, () =>
        silence.heard(),
      );
      if (this.#isOwn(url)) {
        this.clock.hear(response.headers);
        this.cookies.renew(response.headers.getSetCookie());
      }
      const text = await readBounded(response, url, () => silence.heard());
      log(response.status);
      return {status: response.status, headers: response.headers, text};
    } catch (error) {
      log('failed');
      if (signal?.aborted) throw interruption(signal);
      if (silence.signal.aborted) throw silent(this.timeoutMs, url, error);
      throw error instanceof PoeError ? error : networkError(error, url);
    } finally {
      silence.end();
    }
  }

  /** Cookies go to the site alone. */
  #isOwn(url: URL): boolean {
    return url.host === this.site.host && url.protocol === this.site.protocol;
  }

  #headers(url: URL): Record<string, string> {
    return {...browserHeaders(this.userAgent), ...(this.#isOwn(url) && {Cookie: this.cookies.toString()})};
  }

  async #fetch(url: URL, {method, headers, body, retry, signal}: Request): Promise<Response> {
    // ky hands options it does not know on to fetch, which is how Node's fetch takes its dispatcher; Node and the undici
    // package each have a type of their own for it, hence `unknown` and the `as` below.
    let wantedS: number | undefined;
    const options: Omit<Options, 'dispatcher'> & {dispatcher?: unknown} = {
      method,
      body,
      signal,
      headers: {...this.#headers(url), ...headers},
      redirect: 'manual',
      timeout: false,
      dispatcher: await dispatcherFor(url),
      retry: {
        limit: retry ? 2 : 0,
        methods: ['get', 'post'],
        statusCodes: [429, 500, 502, 503, 504],
        // ky would go by the clock of this machine, and by headers that are no word to the one who asks.
        afterStatusCodes: [],
        shouldRetry: ({error}) => {
          wantedS = error instanceof HTTPError ? retryAfterS(error.response.headers) : undefined;
          return (wantedS ?? 0) > Math.min(longestPauseS, this.timeoutMs / 1000) ? false : undefined;
        },
        delay: (tries) => (wantedS === undefined ? firstPauseMs * 2 ** (tries - 1) * Math.random() : wantedS * 1000),
      },
    };
    try {
      return await ky(url, options as Options);
    } catch (error) {
      if (error instanceof HTTPError) return error.response;
      throw error;
    }
  }
}

/** Seconds the server wants to be left alone, by its `Retry-After`. */
export function retryAfterS(headers: Headers): number | undefined {
  const value = headers.get('Retry-After');
  if (!value) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - (timeOf(headers) ?? Date.now())) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

export function silent(timeoutMs: number, url: URL, cause?: unknown): PoeError {
  return new PoeError('timeout', `${url.host} was silent for ${timeoutMs / 1000} seconds`, {
    hint: 'Try again, or allow more with --timeout <seconds>.',
    cause,
  });
}

async function readBounded({body}: Raw, url: URL, heard: () => void): Promise<string> {
  if (!body) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // In Node a response's body is an async iterable; the DOM's type does not say so.
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    heard();
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw new PoeError('not_understood', `${url.host} sent more than ${maxBytes} bytes`, {hint: tooMuchHint});
    text += decoder.decode(chunk, {stream: true});
  }
  return text + decoder.decode();
}

async function* counted(chunks: AsyncIterable<Uint8Array>, onSent: (bytes: number) => void, heard: () => void) {
  let sent = 0;
  for await (const chunk of chunks) {
    yield chunk;
    heard();
    onSent((sent += chunk.byteLength));
  }
}

export function headersOf(raw: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) for (const each of [value ?? []].flat()) headers.append(name, each);
  return headers;
}
