import type {IncomingHttpHeaders} from 'node:http';
import {interruption, PoeError} from '../errors.js';
import type {Log} from '../log.js';
import {quote} from '../redact.js';
import {IdleTimeout} from './idle-timeout.js';
import {networkError} from './network-error.js';
import {retry, type RetryPolicy} from './retry.js';
import {countSent, type ResponseHeaders, type StreamedBody, transport, type TransportResponse} from './transport.js';

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Called for every attempt: an earlier response may have renewed a cookie. */
  headers(): Readonly<Record<string, string>>;
  body?: string | StreamedBody | undefined;
}

export interface RequestOptions {
  /** What the log calls the request. */
  name: string;
  /** Give up after this many milliseconds without data, in either direction. */
  timeoutMs: number;
  log: Log;
  signal: AbortSignal | undefined;
  /** Default: one attempt. */
  retry?: RetryPolicy | undefined;
  /** Called with every response, also one that is followed by another attempt. */
  onResponse?: ((response: Pick<TransportResponse, 'headers' | 'setCookies'>) => void) | undefined;
  /** Called with the bytes of a streamed body that have been handed to the network so far. */
  onSent?: ((bytes: number) => void) | undefined;
}

/** A response whose headers have arrived. */
export interface StreamedResponse {
  /** The address of the request. */
  url: URL;
  status: number;
  headers: ResponseHeaders;
  /** Throws PoeError `network`, `timeout` or `interrupted` if the rest of the response does not arrive. */
  body: AsyncGenerator<Uint8Array, void, undefined>;
  /** Closes the connection. */
  close(): void;
}

export interface TextResponse {
  status: number;
  headers: ResponseHeaders;
  text: string;
}

/**
 * Makes a request and returns when the response headers have arrived, whatever the status. Does not follow redirects.
 * @throws PoeError `network`, `timeout`, `interrupted`; what generating the body throws
 */
export function request(url: URL, httpRequest: HttpRequest, options: RequestOptions): Promise<StreamedResponse> {
  const attempt = () => sendOnce(url, httpRequest, options);
  return options.retry ? retry(attempt, options.retry, options.signal) : attempt();
}

/** As `request`, and reads the body. A response that is cut off is retried as well. @throws PoeError also `not_understood` */
export function requestText(url: URL, httpRequest: HttpRequest, options: RequestOptions): Promise<TextResponse> {
  const attempt = async () => {
    const response = await sendOnce(url, httpRequest, options);
    return {status: response.status, headers: response.headers, text: await readText(response)};
  };
  return options.retry ? retry(attempt, options.retry, options.signal) : attempt();
}

/** Makes one attempt. @throws PoeError as `request` */
export const sendOnce = (url: URL, httpRequest: HttpRequest, options: RequestOptions): Promise<SingleResponse> =>
  new Attempt(url, options).send(httpRequest);

interface SingleResponse extends StreamedResponse {
  incomingHeaders: IncomingHttpHeaders;
}

/** Poe's pages have 2–5 MB, the API's list of models about 1 MB. */
const maxBytes = 32 * 1024 * 1024;

/** Reads a whole body. @throws PoeError `not_understood` if it is too large; as the body */
export async function readBytes({body, url}: ResponseBody): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) throw responseTooLarge(url);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Reads a whole body as UTF-8, without a byte order mark. @throws PoeError as `readBytes` */
export async function readText(response: ResponseBody): Promise<string> {
  return new TextDecoder().decode(await readBytes(response));
}

interface ResponseBody {
  body: AsyncIterable<Uint8Array>;
  url: URL;
}

const responseTooLarge = (url: URL): PoeError =>
  new PoeError('not_understood', `The response of ${url.host} is larger than ${maxBytes / 1024 / 1024} MiB`, {
    hint: 'Check the address. If it is right, try again later.',
  });

/** One attempt of a request: its timeout, its log entries and its errors. */
class Attempt {
  readonly #url: URL;
  readonly #options: RequestOptions;
  readonly #idle: IdleTimeout;
  readonly #connection = new AbortController();
  readonly #startedAt = performance.now();
  #isComplete = false;

  constructor(url: URL, options: RequestOptions) {
    this.#url = url;
    this.#options = options;
    this.#idle = new IdleTimeout(options.timeoutMs, url);
  }

  async send({method, headers, body}: HttpRequest): Promise<SingleResponse> {
    const {signal, onResponse, onSent} = this.#options;
    const onProgress = (bytes: number) => {
      this.#idle.touch();
      onSent?.(bytes);
    };
    try {
      const response = await transport(this.#url, {
        method,
        headers: headers(),
        body: typeof body === 'object' ? countSent(body, onProgress) : body,
        signal: AbortSignal.any([this.#idle.signal, this.#connection.signal, ...(signal ? [signal] : [])]),
      });
      this.#idle.touch();
      onResponse?.(response);
      this.#logStatus(response);
      const {status, headers: responseHeaders, incomingHeaders} = response;
      const close = () => this.#close();
      return {
        url: this.#url,
        status,
        headers: responseHeaders,
        incomingHeaders,
        body: this.#read(response.body),
        close,
      };
    } catch (error) {
      this.#close();
      throw this.#fail(error);
    }
  }

  async *#read(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const chunk of body) {
        this.#idle.touch();
        yield chunk;
      }
      this.#isComplete = true;
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#idle.end();
    }
  }

  /** Closes the connection, unless the whole response has arrived: then it serves the next request. */
  #close(): void {
    this.#idle.end();
    if (!this.#isComplete) this.#connection.abort();
  }

  #logStatus({status, headers}: Pick<TransportResponse, 'status' | 'headers'>): void {
    const id = headers.get('x-request-id');
    this.#log(id === null ? status : `${status} (${quote(id, 100)})`);
  }

  #fail(error: unknown): PoeError {
    this.#log('failed');
    const {signal} = this.#options;
    if (signal?.aborted) return interruption(signal);
    if (this.#idle.error) return this.#idle.error;
    return error instanceof PoeError ? error : networkError(error, this.#url);
  }

  #log(status: number | string): void {
    this.#options.log({what: this.#options.name, status, ms: performance.now() - this.#startedAt});
  }
}
