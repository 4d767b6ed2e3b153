import {createHash} from 'node:crypto';
import {PoeError} from '../errors.js';
import type {Log} from '../log.js';
import {siteAddress} from './address.js';
import {defaultUserAgent} from './browser.js';
import {Cookies} from './cookies.js';
import {Http} from './http.js';
import type {Generation} from './operations.js';

/** What a browser's session at poe.com is made of. */
export interface WebTokens {
  /** The cookie `p-b`, as the browser shows it. */
  pB: string;
  /** The cookie `p-lat`. */
  pLat: string;
  /** The form key, 32 hex digits. Without it the session finds one on the site. */
  formKey?: string;
  /** The cookie `cf_clearance`: bound to network address and user agent. */
  cfClearance?: string;
  /** The cookie `__cf_bm`. */
  cfBm?: string;
  /** The browser's user agent, where the Cloudflare cookies are given. */
  userAgent?: string;
}

/** A form key found on a site, and for whom. */
export interface FoundFormKey {
  key: string;
  baseUrl: string;
  /** A short digest of the session cookie. */
  account: string;
  /** ISO 8601. */
  foundAt: string;
}

/** Where a session keeps what it found out, from one run to the next. */
export interface SessionStore {
  foundFormKey(): Promise<FoundFormKey | undefined>;
  saveFormKey(found: FoundFormKey): Promise<void>;
}

export interface SessionOptions {
  tokens: WebTokens;
  baseUrl: string;
  timeoutMs: number;
  store?: SessionStore;
  log: Log;
}

/** A browser session with one site: tokens, form key, site facts. */
export class Session {
  readonly http: Http;
  readonly generation: Generation = '2025-03';
  readonly #store: SessionStore | undefined;
  readonly #given: string | undefined;
  readonly #account: string;
  #formKey: Promise<string> | undefined;
  #refresh: Promise<string> | undefined;

  constructor({tokens, baseUrl, timeoutMs, store, log}: SessionOptions) {
    const site = siteAddress(baseUrl);
    if (tokens.formKey !== undefined && !/^[\w-]{1,128}$/.test(tokens.formKey)) throw notAFormKey();
    this.http = new Http(site, tokens.userAgent ?? defaultUserAgent, new Cookies(tokens), timeoutMs, log);
    this.#store = store;
    this.#given = tokens.formKey;
    this.#account = digest(tokens.pB);
  }

  /**
   * Runs a request with the form key. When Poe refuses it, the key is read from the site once more and, if that gives
   * another one, the request made again: Poe refuses before it executes. A key the caller gave is never replaced.
   * @throws PoeError
   */
  async withFormKey<T>(request: (formKey: string) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const key = await this.#key(signal);
    try {
      return await request(key);
    } catch (error) {
      if (!(error instanceof PoeError && error.code === 'bad_form_key')) throw error;
      const fresh = await this.#another(key, error, signal);
      return request(fresh);
    }
  }

  #key(signal?: AbortSignal): Promise<string> {
    if (this.#given) return Promise.resolve(this.#given);
    this.#formKey ??= this.#known().then((key) => key ?? this.#find(signal));
    // A failure is not kept: the next call tries again.
    this.#formKey.catch(() => (this.#formKey = undefined));
    return this.#formKey;
  }

  async #known(): Promise<string | undefined> {
    const found = await this.#store?.foundFormKey();
    const fits = found?.baseUrl === this.http.site.origin && found.account === this.#account;
    return fits ? found.key : undefined;
  }

  async #find(signal?: AbortSignal): Promise<string> {
    // The page reader and its engine are dear to load and seldom needed.
    const {readFormKey} = await import('./site.js');
    const key = await readFormKey(this.http, signal);
    await this.#store?.saveFormKey(foundFormKey(key, this.http.site.origin, this.#account));
    return key;
  }

  /** The page tells cookie from form key: without a good cookie it leads to the log-in page. */
  async #another(refusedKey: string, refusal: PoeError, signal?: AbortSignal): Promise<string> {
    if (this.#given) {
      const {readHomePage} = await import('./site.js');
      await readHomePage(this.http, signal);
      throw new PoeError('bad_form_key', 'Poe takes the cookies, but not the form key that was given', {
        hint: 'Leave the form key out (--formkey, POE_FORMKEY, or log in again): poe finds it by itself.',
        cause: refusal,
      });
    }
    const current = await this.#formKey;
    if (current !== undefined && current !== refusedKey) return current;
    this.#refresh ??= this.#find(signal).finally(() => (this.#refresh = undefined));
    const fresh = await this.#refresh;
    if (fresh === refusedKey) throw refusal;
    this.#formKey = Promise.resolve(fresh);
    return fresh;
  }
}

const notAFormKey = () =>
  new PoeError('bad_form_key', 'What was given as the form key is none: it has 32 hexadecimal digits', {
    hint: 'Leave it out: poe finds it by itself.',
  });

const digest = (pB: string) => createHash('sha256').update(pB).digest('hex').slice(0, 16);

const foundFormKey = (key: string, baseUrl: string, account: string): FoundFormKey => ({
  key,
  baseUrl,
  account,
  foundAt: new Date().toISOString(),
});

/** A form key that the user gave, in the form of one that was found: so that it is replaced when it no longer serves. */
export const givenFormKey = (key: string, baseUrl: string, {pB}: WebTokens): FoundFormKey =>
  foundFormKey(key, new URL(baseUrl).origin, digest(pB));
