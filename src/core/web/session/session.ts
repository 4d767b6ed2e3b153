import {createHash} from 'node:crypto';
import type {PoeError} from '../../errors.js';
import {SingleFlight} from '../../http/single-flight.js';
import type {SiteFacts} from '../protocol/facts.js';
import type {ChannelData} from '../site/channel-data.js';
import type {PageFacts} from '../site/home-page.js';
import type {RequestCredentials, SiteCredentials} from './credentials.js';
import {FactCache, type SessionStore} from './fact-cache.js';
import {FactSource} from './fact-source.js';
import type {Http} from './http.js';
import type {SiteConnection} from './site-connection.js';
import {factRules, type Rejection} from './stale-facts.js';
import type {WebTokens} from './tokens.js';

export type {FoundFacts, FoundFormKey, SessionStore} from './fact-cache.js';
export type {WebTokens} from './tokens.js';

export interface SessionOptions {
  connection: SiteConnection;
  tokens: WebTokens;
  store?: SessionStore;
  /** Facts about the site to start with, instead of the stored and built-in ones. */
  facts?: SiteFacts;
}

/** A browser session with one site: cookies, form key and facts. Whatever Poe rejects is refreshed once. */
export class Session {
  readonly connection: SiteConnection;
  readonly http: Http;
  /** A UUID for the account that reveals nothing about it. */
  readonly deviceId: string;
  readonly #cache: FactCache;
  readonly #source: FactSource;
  readonly #userKey: string | undefined;
  readonly #loading = new SingleFlight<RequestCredentials>();
  #credentials: RequestCredentials | undefined;

  constructor({connection, tokens, store, facts}: SessionOptions) {
    const {pB, formKey} = tokens;
    this.connection = connection;
    this.http = connection.http;
    this.deviceId = uuidOf(pB);
    this.#cache = new FactCache(store, this.http.site.origin, tokens);
    this.#source = new FactSource({http: this.http, cache: this.#cache, formKey, facts});
    this.#userKey = formKey;
  }

  /** The current form key and facts. Reads the home page only if no form key is known. @throws PoeError */
  async credentials(signal?: AbortSignal): Promise<RequestCredentials> {
    if (this.#credentials) return this.#credentials;
    const load = async (shared: AbortSignal) => {
      this.#credentials = {...(await this.#source.load(shared)), uploadsFirst: false};
      return this.#credentials;
    };
    return this.#loading.join(load, signal);
  }

  /** Sets whether the account uploads files before their message. */
  setUploadsFirst(uploadsFirst: boolean): void {
    if (this.#credentials) this.#credentials = {...this.#credentials, uploadsFirst};
  }

  /** Refreshes the fact that Poe rejected. @throws PoeError if nothing has changed */
  async refresh(rejection: Rejection, signal?: AbortSignal): Promise<RequestCredentials> {
    const {error, operation, credentials: rejected} = rejection;
    const rule = factRules[error.fact];
    const current = await this.credentials(signal);
    // Another request may have refreshed it.
    const isRefreshed = !rule.isSame(current, rejected, operation);
    const fresh = isRefreshed ? current : await rule.refresh(this.#source, rejection, current, signal);
    if (!fresh || rule.isSame(fresh, rejected, operation)) throw rule.unchanged(rejection, this.#source);
    const replaced = this.#replace(fresh, error);
    await this.#cache.storeFacts(fresh.facts);
    return replaced;
  }

  /** Uses other credentials after a rejection. How the account uploads files may have become known while they were read. */
  #replace(credentials: RequestCredentials, {fact}: Rejection['error']): RequestCredentials {
    const {uploadsFirst} = fact === 'upload' ? credentials : (this.#credentials ?? credentials);
    this.#credentials = {...credentials, uploadsFirst};
    return this.#credentials;
  }

  /**
   * Handles that Poe rejected the refreshed fact too.
   * @param rejection the first one
   * @returns the error to throw
   */
  async giveUp(rejection: Rejection): Promise<PoeError> {
    const rule = factRules[rejection.error.fact];
    if (rule.restores) {
      this.#replace(rejection.credentials, rejection.error);
      await this.#cache.storeFacts(rejection.credentials.facts);
    }
    return rule.rejectedAgain(rejection, this.#source);
  }

  /** The facts of the home page, completed by known facts. */
  mergeFacts(page: PageFacts, known: SiteFacts): SiteFacts {
    return this.#source.merge(page, known);
  }

  /** Uses and stores what was read from the site. A form key from the user is not replaced. */
  async adopt({formKey, facts}: SiteCredentials): Promise<void> {
    const {uploadsFirst = false} = this.#credentials ?? {};
    this.#credentials = {formKey: this.#userKey ?? formKey, facts, uploadsFirst};
    this.#cache.markHashesRead();
    await this.#cache.storeFormKey(formKey);
    await this.#cache.storeFacts(facts);
  }

  /** The live channel in the home page, if that was just read. Does not wait for the scripts of the page. @throws PoeError */
  async takeChannelData(signal?: AbortSignal): Promise<ChannelData | undefined> {
    await Promise.race([this.credentials(signal), this.#source.firstPage]);
    return this.#source.takeChannelData();
  }

  /** Reads the home page for a live channel. @throws PoeError */
  readChannelData(signal?: AbortSignal): Promise<ChannelData | undefined> {
    return this.#source.readChannelData(signal);
  }
}

function uuidOf(pB: string): string {
  const hex = createHash('sha256').update(`device ${pB}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
