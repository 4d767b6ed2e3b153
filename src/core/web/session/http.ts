import {interruption, PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import {retry} from '../../http/retry.js';
import {browserHeaders} from './browser-headers.js';
import {Clock} from '../../http/clock.js';
import type {Cookies} from './cookies.js';
import {networkError} from '../../http/network-error.js';
import {IdleTimeout, idleTimeoutError} from '../../http/idle-timeout.js';
import type {HttpResponse} from '../protocol/response.js';
import type {SiteReader} from '../site/page.js';
import {counted, type Outgoing, type StreamedBody, transport} from '../../http/transport.js';

/** Answers larger than this are not read: Poe's pages have 2–5 MB. */
const maxBytes = 32 * 1024 * 1024;
const tooMuchHint = 'Check the address. If it is right, try again later.';

export interface Request {
  method: 'GET' | 'POST';
  /** What is asked, for the log. */
  name: string;
  headers?: Record<string, string>;
  body?: string;
  /** Only for what may be asked twice. */
  retry: boolean;
  signal?: AbortSignal;
}

/** A body that is made while it is sent. */
export interface Upload extends StreamedBody {
  name: string;
  headers: Record<string, string>;
  /** Is told how many bytes have been taken so far. */
  onSent: (bytes: number) => void;
  signal?: AbortSignal;
}

type Asked = Omit<Outgoing, 'headers' | 'signal'> & Pick<Request, 'headers'>;

/** What watches over an exchange: when it is to end, and whether there is still life in it. */
interface Watch {
  signal: AbortSignal;
  heard: () => void;
}

/** Speaks HTTP with one site as one session: its cookies go to the site's own host and to no other. */
export class Http implements SiteReader {
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
  async ask(url: URL, {name, retry: mayRetry, signal, ...request}: Request): Promise<HttpResponse> {
    return this.#exchange(url, {name, signal}, (watch) => {
      const ask = () => this.#once(url, request, watch);
      return mayRetry ? retry(ask, {longestPauseS: this.#longestPauseS, signal: watch.signal}) : ask();
    });
  }

  /** As `ask`, for a page or a script of the site, which may be asked for again. */
  async read(url: URL, {name, headers, signal}: Pick<Request, 'name' | 'headers' | 'signal'>): Promise<HttpResponse> {
    // Few commands need it, and ky brings Node's own fetch with it, which is dear to load.
    const {readByKy} = await import('../../http/ky-client.js');
    return this.#exchange(url, {name, signal}, (watch) => {
      const ask = () => this.#once(url, {method: 'GET', headers}, watch);
      return readByKy(url, ask, {longestPauseS: this.#longestPauseS, signal: watch.signal});
    });
  }

  /**
   * As `ask`, for a body that is too large to be held. It is sent once, and silence counts from the last byte that was taken.
   * @throws PoeError `network`, `timeout`, `interrupted`, and what making the body throws
   */
  async upload(url: URL, {name, headers, length, chunks, onSent, signal}: Upload): Promise<HttpResponse> {
    return this.#exchange(url, {name, signal}, (watch) => {
      const body = counted({length, chunks}, (bytes) => {
        watch.heard();
        onSent(bytes);
      });
      return this.#once(url, {method: 'POST', headers, body}, watch);
    });
  }

  /** A server that asks for a longer pause than this gets no second try; the caller is told instead. */
  get #longestPauseS(): number {
    return Math.min(15, this.timeoutMs / 1000);
  }

  /** Watches over an exchange, which may be of several requests, logs it, and says what went wrong. */
  async #exchange(
    url: URL,
    {name, signal}: {name: string; signal?: AbortSignal},
    ask: (watch: Watch) => Promise<HttpResponse>,
  ): Promise<HttpResponse> {
    const silence = new IdleTimeout(this.timeoutMs);
    const started = performance.now();
    const log = (status: number | string) => this.log({what: name, status, ms: performance.now() - started});
    try {
      const answer = await ask({
        signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
        heard: () => silence.touch(),
      });
      log(answer.status);
      return answer;
    } catch (error) {
      log('failed');
      if (signal?.aborted) throw interruption(signal);
      if (silence.signal.aborted) throw idleTimeoutError(this.timeoutMs, url, error);
      throw error instanceof PoeError ? error : networkError(error, url);
    } finally {
      silence.end();
    }
  }

  async #once(url: URL, request: Asked, {signal, heard}: Watch): Promise<HttpResponse> {
    const asked = {...request, headers: {...this.#headers(url), ...request.headers}, signal};
    const {status, headers, setCookies, body} = await transport(url, asked);
    if (this.#isOwn(url)) {
      this.clock.hear(headers);
      this.cookies.renew(setCookies);
    }
    return {status, headers, text: await readBounded(body, url, heard)};
  }

  /** Cookies go to the site alone. */
  #isOwn(url: URL): boolean {
    return url.host === this.site.host && url.protocol === this.site.protocol;
  }

  #headers(url: URL): Record<string, string> {
    return {...browserHeaders(this.userAgent), ...(this.#isOwn(url) && {Cookie: this.cookies.toString()})};
  }
}

async function readBounded(body: AsyncIterable<Uint8Array>, url: URL, heard: () => void): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of body) {
    heard();
    bytes += chunk.byteLength;
    if (bytes > maxBytes)
      throw new PoeError('not_understood', `${url.host} sent more than ${maxBytes} bytes`, {hint: tooMuchHint});
    text += decoder.decode(chunk, {stream: true});
  }
  return text + decoder.decode();
}
