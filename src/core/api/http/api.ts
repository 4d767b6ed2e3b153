import * as v from 'valibot';
import {maybeCharged, PoeError} from '../../errors.js';
import type {Log} from '../../log/log.js';
import type {CallOptions} from '../../options.js';
import {prepareConnection} from '../../http/connect/agents.js';
import {secureUrl} from '../../http/url.js';
import {Clock, serverTime} from '../../http/clock.js';
import {Delivery} from '../../http/delivery.js';
import {NetworkError} from '../../http/network-error.js';
import {
  type HttpRequest,
  readText,
  request,
  requestText,
  type RequestOptions,
  type StreamedResponse,
  type TextResponse,
} from '../../http/request.js';
import type {ResponseHeaders} from '../../http/transport.js';
import type {RetryPolicy} from '../../http/retry.js';
import {retryableApiStatuses} from '../../http/retryable-statuses.js';
import {unexpectedPage} from './content-kind.js';
import {dataError, messageError, ResponseError, unprocessedErrors, unknownBody, unknownPath} from './errors.js';

export interface ApiOptions {
  url: URL;
  key: string;
  timeoutMs: number;
  log: Log;
  /** Aborted when the client is closed. It ends all requests, and makes later ones fail with its reason. */
  closed: AbortSignal;
}

/** The delivery of a message of another program, which decides itself what follows a 429. */
export const forwarding = (): Delivery => new Delivery(new Set());

interface PostOptions extends CallOptions {
  accept: string;
  headers?: Readonly<Record<string, string>>;
}

/**
 * Repeats a request for data twice. A 500 is repeated once: it may also mean that Poe could not read the request (Poe's
 * documentation, 2026). A host that cannot be reached at all is reported at once.
 */
const apiRetryPolicy: RetryPolicy = {
  maxTries: 3,
  retriesStatus: (status, tries) => retryableApiStatuses.has(status) || (status === 500 && tries === 1),
  retriesError: (error) => error instanceof NetworkError && error.isDisconnect,
  pauseMs: (tries) => 250 * 2 ** (tries - 1) * (1 + Math.random()),
  maxRetryAfterS: 15,
};

/** Makes requests to Poe's API. The key goes to the API's host only: redirects are not followed. */
export class Api {
  readonly clock = new Clock();
  readonly #options: ApiOptions;
  /** By the signal of a call, the one that is aborted with it or when the client is closed: a batch has one for all prompts. */
  readonly #signals = new WeakMap<AbortSignal, AbortSignal>();
  /** The URL of the latest message: a batch sends all to the same. */
  #latest: {path: string; url: URL} | undefined;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** Connects to the API while a request is prepared. */
  prepare(): void {
    void prepareConnection(this.#options.url);
  }

  /** Reads JSON. @throws PoeError */
  async get<const S extends v.GenericSchema>(
    path: string,
    schema: S,
    {signal}: CallOptions = {},
  ): Promise<v.InferOutput<S>> {
    const {status, headers, text} = await this.#getText(path, signal);
    if (status === 404) throw unknownPath(endpoint(this.#options.url, path).pathname);
    if (status >= 300) throw dataError(status, headers, text);
    return parseResponse(path, text, schema);
  }

  /** Reads JSON that may no longer exist: a 404 is a `ResponseError` as any other. @throws PoeError */
  async find<const S extends v.GenericSchema>(
    path: string,
    schema: S,
    {signal}: CallOptions = {},
  ): Promise<{data: v.InferOutput<S>; headers: ResponseHeaders}> {
    const {status, headers, text} = await this.#getText(path, signal);
    if (status >= 300) throw dataError(status, headers, text);
    return {data: parseResponse(path, text, schema), headers};
  }

  /** Aborted when the client is closed. */
  get closed(): AbortSignal {
    return this.#options.closed;
  }

  /** The URL of a path. */
  urlOf(path: string): string {
    const [name = '', query] = path.split('?');
    const url = endpoint(this.#options.url, name);
    if (query !== undefined) url.search = query;
    return url.href;
  }

  /** The header that a request to one of the API's own URLs needs; none for any other URL. */
  authorize({origin, pathname}: URL, isAllowed: (path: string) => boolean): Readonly<Record<string, string>> {
    return origin === this.#options.url.origin && isAllowed(pathname) ? this.#headers()() : {};
  }

  async #getText(path: string, signal: AbortSignal | undefined): Promise<TextResponse> {
    const {getText} = await import('../../http/ky-client.js');
    const url = endpoint(this.#options.url, path);
    return getText(url, this.#headers(), {...this.#requestOptions(url, signal), retry: apiRetryPolicy});
  }

  /** Posts a request without fields that costs nothing, and reads JSON. @throws PoeError */
  async postForData<const S extends v.GenericSchema>(
    path: string,
    schema: S,
    {signal}: CallOptions = {},
  ): Promise<v.InferOutput<S>> {
    const url = endpoint(this.#options.url, path);
    const {status, headers, text} = await requestText(
      url,
      {method: 'POST', headers: this.#headers({'Content-Type': 'application/json'}), body: '{}'},
      {...this.#requestOptions(url, signal), retry: apiRetryPolicy},
    );
    if (status === 404 || status === 405) throw unknownPath(url.pathname);
    if (status >= 300) throw dataError(status, headers, text);
    return parseResponse(path, text, schema);
  }

  /**
   * Changes something that stays the same if the request is repeated, and reads JSON.
   * @throws PoeError; a status that reports an error is a `ResponseError`
   */
  async change<const S extends v.GenericSchema>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body: object | undefined,
    schema: S,
    {signal}: CallOptions = {},
  ): Promise<v.InferOutput<S>> {
    const url = endpoint(this.#options.url, path);
    const {status, headers, text} = await requestText(
      url,
      {
        method,
        headers: this.#headers(body && {'Content-Type': 'application/json'}),
        ...(body && {body: JSON.stringify(body)}),
      },
      {...this.#requestOptions(url, signal), retry: apiRetryPolicy},
    );
    if (status >= 300) throw dataError(status, headers, text);
    return parseResponse(path, text, schema);
  }

  /**
   * Posts a message as JSON and returns when the response begins. It is repeated only if it certainly was not processed.
   * @param accept the media types to ask for
   * @throws PoeError also for a status that reports an error; `delivery_unknown` if the message may have been processed
   */
  async post(path: string, body: unknown, options: PostOptions): Promise<StreamedResponse> {
    const delivery = new Delivery();
    try {
      return await this.#post(path, body, {...options, delivery});
    } catch (error) {
      const isRejected = error instanceof ResponseError && unprocessedErrors.has(error.type);
      const isFailure = error instanceof PoeError && error.code !== 'interrupted' && !isRejected;
      throw isFailure && delivery.mayBeProcessed ? maybeCharged(error, 'check_usage') : error;
    }
  }

  /**
   * Passes on a message of another program, and returns when the response begins, with any status: that program decides what follows.
   * @param body JSON
   * @param options.delivery tells whether the message may have been processed, also after an interruption. See `forwarding`
   * @throws PoeError `delivery_unknown` if the message may have been processed
   */
  async forward(
    path: string,
    body: string,
    {accept, headers: more, delivery, signal}: PostOptions & {delivery: Delivery},
  ): Promise<StreamedResponse> {
    const url = endpoint(this.#options.url, path);
    const headers = this.#headers({'Content-Type': 'application/json', Accept: accept, ...more});
    const {onResponse, ...options} = this.#requestOptions(url, signal);
    // Closing the client does not abort it: in Node 20, a signal that is combined with others remembers each of them forever.
    const own = signal ? {...options, signal} : options;
    try {
      return await request(url, {method: 'POST', headers, body}, {...own, ...delivery.options(onResponse)});
    } catch (error) {
      const isFailure = error instanceof PoeError && error.code !== 'interrupted';
      throw isFailure && delivery.mayBeProcessed ? maybeCharged(error, 'check_usage') : error;
    }
  }

  async #post(
    path: string,
    body: unknown,
    {accept, headers: more, delivery, signal}: PostOptions & {delivery: Delivery},
  ): Promise<StreamedResponse> {
    if (this.#latest?.path !== path) this.#latest = {path, url: endpoint(this.#options.url, path)};
    const {url} = this.#latest;
    const headers = this.#headers({'Content-Type': 'application/json', Accept: accept, ...more});
    const options = this.#requestOptions(url, signal);
    const response = await request(
      url,
      {method: 'POST', headers, body: JSON.stringify(body)},
      {...options, ...delivery.options(options.onResponse)},
    );
    if (response.status >= 200 && response.status < 300) return response;
    const text = await readText(response).catch(() => '');
    response.close();
    throw messageError(response.status, response.headers, text);
  }

  #headers(headers: Record<string, string> = {}): HttpRequest['headers'] {
    return () => ({...headers, Authorization: `Bearer ${this.#options.key}`});
  }

  #requestOptions({pathname}: URL, signal: AbortSignal | undefined): RequestOptions {
    const {timeoutMs, log} = this.#options;
    return {
      name: `api ${pathname}`,
      timeoutMs,
      log,
      signal: this.#untilClosed(signal),
      onResponse: ({headers}) => this.clock.update(headers),
    };
  }

  #untilClosed(signal: AbortSignal | undefined): AbortSignal {
    const {closed} = this.#options;
    if (!signal) return closed;
    const combined = this.#signals.get(signal) ?? AbortSignal.any([signal, closed]);
    this.#signals.set(signal, combined);
    return combined;
  }
}

function parseResponse<const S extends v.GenericSchema>(path: string, text: string, schema: S): v.InferOutput<S> {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch (error) {
    throw text.trimStart().startsWith('<') ? unexpectedPage('data') : unknownBody(path, error);
  }
}

/**
 * The time of Poe's API in milliseconds since 1970; undefined if it cannot be reached. Needs no key.
 * @throws PoeError `interrupted`
 */
export async function apiTime(
  apiUrl: string,
  options: Pick<RequestOptions, 'timeoutMs' | 'log' | 'signal'>,
): Promise<number | undefined> {
  const {get} = await import('../../http/ky-client.js');
  const url = endpoint(parseApiUrl(apiUrl), '/v1/models');
  try {
    const response = await get(url, () => ({}), {...options, name: 'api time', retry: apiRetryPolicy});
    await response.body?.cancel();
    return serverTime(response.headers);
  } catch (error) {
    if (error instanceof PoeError && error.code === 'interrupted') throw error;
    return undefined;
  }
}

/**
 * Parses the URL of the API, or of a gateway to it. A `/v1` at the end of its path is removed, because the paths of endpoints
 * contain it.
 * @throws PoeError `usage`
 */
export function parseApiUrl(text: string): URL {
  const {origin, pathname} = secureUrl(text, 'the API key');
  return new URL(pathname.replace(/(?:\/v1)?\/*$/, ''), origin);
}

/** The upload service of fastapi_poe 0.0.81, December 2025. */
const poeUploadUrl = 'https://www.quora.com/poe_api/file_upload_3RD_PARTY_POST';

/**
 * Where files are uploaded. Poe's service is the default for Poe's API only: another server's files and key must not go to Poe.
 * @param text what the user named
 * @param secret what is sent there, for the error message
 * @returns a function that returns the URL, or throws PoeError `usage` if it is not known
 * @throws PoeError `usage` if the key must not be sent there
 */
export function uploadUrlOf(text: string | undefined, apiUrl: URL, secret: string): () => URL {
  const isPoe = /(^|\.)poe\.com$/.test(apiUrl.hostname);
  const url = text !== undefined || isPoe ? secureUrl(text ?? poeUploadUrl, secret) : undefined;
  return () => {
    if (url) return url;
    throw new PoeError('usage', `No upload URL is known for ${apiUrl.host}, so nothing was sent`, {
      remedy: 'name_upload_url',
    });
  };
}

/** @param path begins with a slash */
export const endpoint = ({origin, pathname}: URL, path: string): URL =>
  new URL(pathname.replace(/\/$/, '') + path, origin);
