import {setImmediate, setTimeout} from 'node:timers/promises';
import {PoeError} from '../../errors.js';
import {prepareConnection} from '../../http/connect/agents.js';
import type {TextResponse} from '../../http/request.js';
import {parseSiteUrl} from '../../http/url.js';
import type {Log} from '../../log/log.js';
import {registerSecret} from '../../log/redact.js';
import {checkUserAgent, defaultUserAgent} from './browser-headers.js';
import {Cookies} from './cookies.js';
import {Http} from './http.js';
import type {WebTokens} from './tokens.js';

/** A channel that was requested earlier may have lost events. */
const maxAgeMs = 10_000;
/** How long to wait for a connection. A call of the client that is aborted meanwhile ends only after that. */
const maxConnectMs = 500;

export interface SiteOptions {
  tokens: WebTokens;
  baseUrl: string;
  timeoutMs: number;
  log: Log;
}

/** What the first request of a message needs, and no more: everything else is loaded while Poe answers it. */
export class SiteConnection {
  readonly http: Http;
  #prepared: {answer: Promise<TextResponse>; at: number} | undefined;
  #host: string | undefined;

  /** @throws PoeError `usage`, `bad_tokens`, `bad_form_key` */
  constructor({tokens, baseUrl, timeoutMs, log}: SiteOptions) {
    checkFormKey(tokens.formKey);
    const userAgent = checkUserAgent(tokens.userAgent ?? defaultUserAgent);
    this.http = new Http(parseSiteUrl(baseUrl), userAgent, new Cookies(tokens), timeoutMs, log);
  }

  /**
   * Requests a live channel, and opens the other connections that a message needs. Resolves when the request has a connection, or after
   * `maxConnectMs`: code that is loaded before that would delay the request. Never throws. Whoever takes the prepared answer receives
   * the error.
   */
  async prepareChannel(signal?: AbortSignal): Promise<void> {
    const connected = new Promise<void>((resolve) => {
      const answer = this.channelSettings(signal, resolve);
      this.#prepared = {answer, at: Date.now()};
      answer.catch((error: unknown) => {
        // What was stopped is one command of a chat. The next one needs a request of its own.
        if (error instanceof PoeError && error.code === 'interrupted') this.#prepared = undefined;
        resolve();
      });
    });
    this.#host = this.channelHost();
    // By then, the request has a connection of its own.
    await setImmediate();
    void prepareConnection(this.http.site);
    await Promise.race([connected, setTimeout(maxConnectMs, undefined, {ref: false})]);
  }

  /** The answer that `prepareChannel` has requested; undefined if there is none, it was taken, or it is old. */
  takePrepared(): Promise<TextResponse> | undefined {
    const {answer, at} = this.#prepared ?? {at: 0};
    this.#prepared = undefined;
    return Date.now() - at < maxAgeMs ? answer : undefined;
  }

  /** The answer of `/api/settings`, which names a live channel. @throws PoeError `network`, `timeout`, `interrupted` */
  channelSettings(signal?: AbortSignal, onConnected?: () => void): Promise<TextResponse> {
    const options = {name: 'channel settings', retry: 'safe', signal, onConnected} as const;
    return this.http.request(this.settingsUrl, {method: 'GET', ...options});
  }

  /** The beginning of the name of a host for a live channel. On poe.com, connects to it: elsewhere, only the settings name the rest. */
  channelHost(): string {
    const prepared = this.#host;
    this.#host = undefined;
    if (prepared !== undefined) return prepared;
    const host = randomHost();
    if (this.http.site.href === 'https://poe.com/') void prepareConnection(new URL(`wss://${host}.poe.com`));
    return host;
  }

  /** Where the settings are. */
  get settingsUrl(): URL {
    return new URL('/api/settings', this.http.site);
  }
}

/** The beginning of the name of a host. It spreads connections over hosts. */
export const randomHost = (): string => `tch${1 + Math.floor(Math.random() * 1_000_000)}.tch`;

/** @throws PoeError `bad_form_key` */
function checkFormKey(formKey: string | undefined): void {
  registerSecret(formKey);
  if (formKey === undefined || /^[\w-]{1,128}$/.test(formKey)) return;
  throw new PoeError('bad_form_key', 'The form key is not valid: it must have 32 hexadecimal digits', {
    remedy: 'drop_form_key',
  });
}
