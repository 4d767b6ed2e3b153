import type {Log} from '../../log.js';
import {Clock} from '../../http/clock.js';
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
  /** Only for requests that are safe to repeat. */
  retry: boolean;
}

interface Upload extends GetRequest, StreamedBody {
  /** Called with the bytes that have been handed to the network so far. */
  onSent: (bytes: number) => void;
}

/** Makes requests as one browser session. Its cookies go to the site's own host only. Redirects are not followed. */
export class Http implements SiteReader {
  readonly clock = new Clock();
  readonly #retry: RetryPolicy;

  constructor(
    readonly site: URL,
    readonly userAgent: string,
    readonly cookies: Cookies,
    readonly timeoutMs: number,
    readonly log: Log,
  ) {
    this.#retry = safeRetryPolicy(timeoutMs);
  }

  /**
   * Makes a request of a send or of the live channel. Returns the response with any status.
   * @throws PoeError `network`, `timeout`, `interrupted`, `not_understood` if the response is too large
   */
  request(url: URL, {name, method, headers, body, retry, signal}: Request): Promise<TextResponse> {
    const request = {method, headers: this.#headers(url, headers), body};
    return requestText(url, request, {...this.#options(url, name, signal), retry: retry ? this.#retry : undefined});
  }

  /** Reads a page or a script. @throws PoeError as `request` */
  async read(url: URL, {name, headers, signal}: GetRequest): Promise<TextResponse> {
    const {getText} = await import('../../http/ky-client.js');
    return getText(url, this.#headers(url, headers), {...this.#options(url, name, signal), retry: this.#retry});
  }

  /** Uploads a body that is too large to be held in memory, once. @throws PoeError as `request`; what generating the body throws */
  upload(url: URL, {name, headers, length, chunks, onSent, signal}: Upload): Promise<TextResponse> {
    const request: HttpRequest = {method: 'POST', headers: this.#headers(url, headers), body: {length, chunks}};
    return requestText(url, request, {...this.#options(url, name, signal), onSent});
  }

  #headers(url: URL, headers?: Record<string, string>): HttpRequest['headers'] {
    return () => ({
      ...browserHeaders(this.userAgent),
      ...(this.#isOwn(url) && {Cookie: this.cookies.toString()}),
      ...headers,
    });
  }

  #options(url: URL, name: string, signal: AbortSignal | undefined): RequestOptions {
    return {
      name,
      timeoutMs: this.timeoutMs,
      log: this.log,
      signal,
      onResponse: ({headers, setCookies}) => {
        if (!this.#isOwn(url)) return;
        this.clock.update(headers);
        this.cookies.renew(setCookies);
      },
    };
  }

  #isOwn(url: URL): boolean {
    return url.host === this.site.host && url.protocol === this.site.protocol;
  }
}
