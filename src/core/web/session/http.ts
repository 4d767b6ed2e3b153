import {clientClosed} from '../../errors.js';
import type {Log} from '../../log/log.js';
import {Clock} from '../../http/clock.js';
import type {Delivery} from '../../http/delivery.js';
import {type HttpRequest, type RequestOptions, requestText, type TextResponse} from '../../http/request.js';
import {type RetryPolicy, safeRetryPolicy} from '../../http/retry.js';
import type {StreamedBody} from '../../http/transport.js';
import type {SiteReader} from '../site/page.js';
import {browserHeaders} from './browser-headers.js';
import type {Cookies} from './cookies.js';

interface GetRequest {
  /** The name of the request in the log. */
  name: string;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

interface Request extends GetRequest {
  method: 'GET' | 'POST';
  body?: string;
  /** Whether and when it is repeated: if it is safe to repeat, never, or only if it certainly was not processed. */
  retry: 'safe' | 'never' | Delivery;
  /** Called when the request has a connection. Over TLS, its handshake has started. */
  onConnected?: (() => void) | undefined;
}

interface Upload extends GetRequest, StreamedBody {
  /** When the upload is repeated. Default: never. */
  retry?: Delivery | undefined;
  /** Called with the bytes that have been handed to the network so far. */
  onSent: (bytes: number) => void;
}

/** Makes requests as one browser session. Its cookies go to the site's own host only. Redirects are not followed. */
export class Http implements SiteReader {
  readonly clock = new Clock();
  readonly #retry: RetryPolicy;
  readonly #browserHeaders: Readonly<Record<string, string>>;
  #isClosed = false;

  constructor(
    readonly site: URL,
    readonly userAgent: string,
    readonly cookies: Cookies,
    readonly timeoutMs: number,
    readonly log: Log,
  ) {
    this.#retry = safeRetryPolicy(timeoutMs);
    this.#browserHeaders = browserHeaders(userAgent);
  }

  /**
   * Makes a request of a send or of the live channel. Returns the response with any status.
   * @throws PoeError `network`, `timeout`, `interrupted`, `not_understood` if the response is too large
   */
  request(url: URL, {method, headers, body, ...options}: Request): Promise<TextResponse> {
    const request = {method, headers: this.#headers(url, headers), body};
    return requestText(url, request, this.#options(url, options));
  }

  /** Reads a page or a script. @throws PoeError as `request` */
  async read(url: URL, {name, headers, signal}: GetRequest): Promise<TextResponse> {
    const {getText} = await import('../../http/ky-client.js');
    const options = this.#options(url, {name, retry: 'safe', signal});
    return getText(url, this.#headers(url, headers), {...options, retry: this.#retry});
  }

  /** Uploads a body that is too large to be held in memory. @throws PoeError as `request`; what generating the body throws */
  upload(url: URL, {name, headers, length, chunks, onSent, retry, signal}: Upload): Promise<TextResponse> {
    const request: HttpRequest = {method: 'POST', headers: this.#headers(url, headers), body: {length, chunks}};
    return requestText(url, request, {...this.#options(url, {name, retry: retry ?? 'never', signal}), onSent});
  }

  /** Makes every later request fail with `usage`. */
  close(): void {
    this.#isClosed = true;
  }

  #headers(url: URL, headers?: Record<string, string>): HttpRequest['headers'] {
    return () => ({
      ...this.#browserHeaders,
      ...(this.#isOwn(url) && {Cookie: this.cookies.toString()}),
      ...headers,
    });
  }

  /** @throws PoeError `usage` */
  #options(url: URL, {name, retry, signal, onConnected}: Omit<Request, 'method' | 'headers' | 'body'>): RequestOptions {
    if (this.#isClosed) throw clientClosed();
    const onResponse: RequestOptions['onResponse'] = ({headers, setCookies}) => {
      if (!this.#isOwn(url)) return;
      this.clock.update(headers);
      this.cookies.renew(setCookies);
    };
    const {timeoutMs, log} = this;
    const options = {name, timeoutMs, log, signal, onResponse, onConnected};
    if (typeof retry === 'object') return {...options, ...retry.options(onResponse)};
    return retry === 'safe' ? {...options, retry: this.#retry} : options;
  }

  #isOwn(url: URL): boolean {
    return url.host === this.site.host && url.protocol === this.site.protocol;
  }
}
