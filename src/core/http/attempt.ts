import type {IncomingHttpHeaders} from 'node:http';
import type {Readable} from 'node:stream';
import {interruption, PoeError} from '../errors.js';
import type {Log} from '../log/log.js';
import {quote} from '../log/redact.js';
import {IdleTimeout} from './idle-timeout.js';
import {networkError} from './network-error.js';
import {whenAborted} from './when-aborted.js';
import {
  countSent,
  type Method,
  type ResponseHeaders,
  type StreamedBody,
  transport,
  type TransportResponse,
} from './transport.js';

export interface HttpRequest {
  method: Method;
  /** Called for every attempt: an earlier response may have renewed a cookie. */
  headers(): Readonly<Record<string, string>>;
  body?: string | StreamedBody | undefined;
}

export interface AttemptOptions {
  /** The name of the request in the log. */
  name: string;
  /** Give up after this many milliseconds without data, in either direction. */
  timeoutMs: number;
  log: Log;
  signal: AbortSignal | undefined;
  /** Called before every attempt. */
  onAttempt?: (() => void) | undefined;
  /** Called when the request has a connection. Over TLS, its handshake has started. */
  onConnected?: (() => void) | undefined;
  /** Called when the whole request has been handed to the operating system. */
  onRequestSent?: (() => void) | undefined;
  /** Called with every response, also if another attempt follows. */
  onResponse?: ((response: Pick<TransportResponse, 'status' | 'headers' | 'setCookies'>) => void) | undefined;
  /** Called with the bytes of a streamed body that have been handed to the network so far. */
  onSent?: ((bytes: number) => void) | undefined;
}

/** A response whose headers have arrived. */
export interface StreamedResponse {
  /** The URL of the request. */
  url: URL;
  status: number;
  headers: ResponseHeaders;
  /** Throws PoeError `network`, `timeout` or `interrupted` if the rest of the response does not arrive. */
  body: AsyncGenerator<Uint8Array, void, undefined>;
  /**
   * Reads the body instead of `body`, without promises for each chunk, which take a third of the time of passing it on.
   * @param onChunk returns a promise if nothing more must be read before it resolves
   * @throws as `body`, and what `onChunk` throws
   */
  forEach(onChunk: (chunk: Uint8Array) => Promise<void> | undefined): Promise<void>;
  /**
   * Closes the connection. After the end of a stream that says where it ends (`hasEnded`), the connection serves the next request if
   * the server ends the response, too.
   */
  close(options?: {hasEnded?: boolean}): void;
}

/** How long a server may take to end a response after its last event. */
const maxEndMs = 250;

/** Makes one attempt of a request. @throws PoeError `network`, `timeout`, `interrupted`; what generating the body throws */
export const sendOnce = (url: URL, request: HttpRequest, options: AttemptOptions): Promise<SingleResponse> =>
  new Attempt(url, options).send(request);

interface SingleResponse extends StreamedResponse {
  incomingHeaders: IncomingHttpHeaders;
}

/** The timeout, the log entries and the errors of one attempt. */
class Attempt {
  readonly #url: URL;
  readonly #options: AttemptOptions;
  readonly #idle: IdleTimeout;
  readonly #connection = new AbortController();
  readonly #interrupt = () => this.#connection.abort(this.#options.signal?.reason);
  // `performance` would load a module of Node: half a millisecond.
  readonly #startedAt = Date.now();
  #isComplete = false;
  #endTimer: NodeJS.Timeout | undefined;

  constructor(url: URL, options: AttemptOptions) {
    this.#url = url;
    this.#options = options;
    this.#idle = new IdleTimeout(options.timeoutMs, url, (error) => this.#connection.abort(error));
    // Unlike with `AbortSignal.any`, nothing of a request stays with a signal that lives longer, and it takes less time.
    whenAborted(options.signal, this.#interrupt);
    if (options.signal?.aborted) this.#interrupt();
  }

  async send({method, headers, body}: HttpRequest): Promise<SingleResponse> {
    const {onAttempt, onConnected, onRequestSent, onResponse, onSent} = this.#options;
    const onProgress = (bytes: number) => {
      this.#idle.touch();
      onSent?.(bytes);
    };
    onAttempt?.();
    try {
      const response = await transport(this.#url, {
        method,
        headers: headers(),
        body: typeof body === 'object' ? countSent(body, onProgress) : body,
        signal: this.#connection.signal,
        onConnected,
        onSent: onRequestSent,
      });
      this.#idle.touch();
      onResponse?.(response);
      this.#logStatus(response);
      const {status, headers: responseHeaders, incomingHeaders} = response;
      const close: StreamedResponse['close'] = (how) => this.#close(how);
      return {
        url: this.#url,
        status,
        headers: responseHeaders,
        incomingHeaders,
        body: this.#read(response.body),
        forEach: (onChunk) => this.#forEach(response.body, onChunk),
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
        this.#idle.pause();
        yield chunk;
        this.#idle.touch();
      }
      this.#isComplete = true;
    } catch (error) {
      throw this.#fail(error);
    } finally {
      this.#end();
      clearTimeout(this.#endTimer);
    }
  }

  #forEach(body: Readable, onChunk: (chunk: Uint8Array) => Promise<void> | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (error: unknown) => {
        this.#end();
        body.off('data', onData);
        reject(error);
      };
      const proceed = () => {
        this.#idle.touch();
        body.resume();
      };
      const onData = (chunk: Uint8Array) => {
        this.#idle.touch();
        try {
          const wait = onChunk(chunk);
          if (!wait) return;
          body.pause();
          this.#idle.pause();
          wait.then(proceed, stop);
        } catch (error) {
          stop(error);
        }
      };
      body.once('end', () => {
        this.#isComplete = true;
        this.#end();
        clearTimeout(this.#endTimer);
        resolve();
      });
      const onClose = () => {
        if (!this.#isComplete) stop(this.#fail(body.errored));
      };
      // The connection may have been lost before anything was read.
      if (body.closed) return onClose();
      body.once('close', onClose);
      body.on('data', onData);
    });
  }

  /** Closes the connection, unless the whole response has arrived: then it serves the next request. */
  #close({hasEnded = false}: {hasEnded?: boolean} = {}): void {
    this.#end();
    if (this.#isComplete) return;
    if (hasEnded) this.#endTimer = setTimeout(() => this.#connection.abort(), maxEndMs).unref();
    else this.#connection.abort();
  }

  #end(): void {
    this.#idle.end();
    this.#options.signal?.removeEventListener('abort', this.#interrupt);
  }

  #logStatus({status, headers}: Pick<TransportResponse, 'status' | 'headers'>): void {
    const id = headers.get('x-request-id');
    // A function, because a log that shows nothing does not need it, and removing secrets takes time.
    this.#log(() => (id === null ? status : `${status} (${quote(id, 100)})`));
  }

  #fail(error: unknown): PoeError {
    this.#log(() => 'failed');
    const {signal} = this.#options;
    if (signal?.aborted) return interruption(signal);
    if (this.#idle.error) return this.#idle.error;
    return error instanceof PoeError ? error : networkError(error, this.#url);
  }

  #log(status: () => number | string): void {
    this.#options.log({
      what: this.#options.name,
      get status() {
        return status();
      },
      ms: Date.now() - this.#startedAt,
    });
  }
}
