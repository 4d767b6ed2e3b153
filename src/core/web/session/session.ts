import {createHash} from 'node:crypto';
import {type ErrorCode, PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import {registerSecret} from '../../redact.js';
import {siteAddress} from '../../http/address.js';
import {defaultUserAgent} from './browser-headers.js';
import {Cookies} from './cookies.js';
import type {FoundHashes} from '../site/bundles.js';
import {Http} from './http.js';
import type {OperationKey} from '../protocol/operations.js';
import type {PageFacts} from '../site/site.js';
import {FactCache, type SessionStore} from './fact-cache.js';
import {unchangedOnSite, givenKeyRejected, notFoundOnSite, rejectedTwice} from './stale-fact.js';
import type {StaleFactError} from '../protocol/stale-fact.js';
import {builtIn, siteVersions, type SiteFacts} from '../protocol/facts.js';
import {type ChannelData, channelDataOfPage} from '../site/channel-data.js';
import {SingleFlight} from '../../http/single-flight.js';

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

export type {FoundFacts, FoundFormKey, SessionStore} from './fact-cache.js';

export interface SessionOptions {
  tokens: WebTokens;
  baseUrl: string;
  timeoutMs: number;
  store?: SessionStore;
  /** Facts about the site to begin with, instead of those that are known. */
  facts?: SiteFacts;
  log: Log;
}

/** What a request is made by. */
export interface RequestCredentials {
  formKey: string;
  facts: SiteFacts;
}

const hashesServeMs = 3_600_000;

/** A browser session with one site: tokens, form key, site facts. What Poe refuses is found anew, once. */
export class Session {
  readonly http: Http;
  /** Tells the same account's sends from others', always the same. */
  readonly deviceId: string;
  /** Whether files are to go ahead of the message, as the site said of the viewer. */
  takesFilesAhead = false;
  readonly #memory: FactCache;
  readonly #given: string | undefined;
  readonly #givenFacts: SiteFacts | undefined;
  #passport: RequestCredentials | undefined;
  readonly #beginning = new SingleFlight<RequestCredentials>();
  readonly #pageRefresh = new SingleFlight<RequestCredentials>();
  readonly #hashRefresh = new SingleFlight<SiteFacts | undefined>();
  #channelData: ChannelData | undefined;
  #seePage: () => void = () => {};
  /** Done when the page was read for the first time, before its scripts were. */
  readonly #pageSeen = new Promise<void>((resolve) => (this.#seePage = resolve));

  constructor({tokens, baseUrl, timeoutMs, store, facts, log}: SessionOptions) {
    const site = siteAddress(baseUrl);
    registerSecret(tokens.formKey);
    if (tokens.formKey !== undefined && !/^[\w-]{1,128}$/.test(tokens.formKey)) throw notAFormKey();
    this.http = new Http(site, tokens.userAgent ?? defaultUserAgent, new Cookies(tokens), timeoutMs, log);
    this.deviceId = uuidOf(tokens.pB);
    this.#memory = new FactCache(store, site.origin, tokens);
    this.#given = tokens.formKey;
    this.#givenFacts = facts;
  }

  /** The form key and the facts of the moment. The page is read only where no key is known. @throws PoeError */
  async passport(signal?: AbortSignal): Promise<RequestCredentials> {
    const begin = async (wanted: AbortSignal) =>
      (this.#passport = (await this.#known()) ?? (await this.#readPage(wanted)));
    return this.#passport ?? this.#beginning.join(begin, signal);
  }

  /**
   * Another passport than the one Poe refused. What is suspect is read from the site; where that tells nothing new, the other
   * form of the site is tried. A key the caller gave is never replaced.
   * @throws PoeError the refusal itself, where the site is as it was
   */
  async refresh(
    refused: RequestCredentials,
    refusal: StaleFactError,
    key: OperationKey,
    signal?: AbortSignal,
  ): Promise<RequestCredentials> {
    const fresh = await (refusal.fact === 'request'
      ? this.#anotherRequest(refused, refusal, key, signal)
      : refusal.fact === 'upload'
        ? this.#anotherForm(refused)
        : this.#anotherHash(refused, refusal, key, signal));
    this.#passport = fresh;
    await this.#memory.keepFacts(fresh.facts);
    return fresh;
  }

  /** The facts as the page tells them; what it does not tell is as before, or as it is known of the page's form. */
  factsOf({siteVersion, revision, tag}: PageFacts, before: SiteFacts | undefined): SiteFacts {
    const base = before?.siteVersion === siteVersion ? before : builtIn(siteVersion);
    return {...base, revision: revision ?? base.revision, tag: tag ?? base.tag};
  }

  /** Takes over, and keeps, what was read from the site. A key the caller gave stands. */
  async adopt({formKey, facts}: RequestCredentials): Promise<void> {
    this.#passport = {formKey: this.#given ?? formKey, facts};
    this.#memory.hashesRead();
    await this.#memory.keepFormKey(formKey);
    await this.#memory.keepFacts(facts);
  }

  /**
   * What was tried instead of a refused passport did not help either, and is not to be tried at once the next time.
   * @returns what to say of it
   */
  async restore(refused: RequestCredentials, refusal: StaleFactError, key: OperationKey): Promise<PoeError> {
    this.#passport = refused;
    await this.#memory.keepFacts(refused.facts);
    const isKey = refusal.fact === 'request' && this.#given !== undefined;
    return isKey ? givenKeyRejected(refusal) : rejectedTwice(refused.facts.operations[key].name, refusal);
  }

  /** The live channel that the page named when it was last read, once. Its scripts are not waited for. @throws PoeError */
  async takeChannelData(signal?: AbortSignal): Promise<ChannelData | undefined> {
    await Promise.race([this.passport(signal), this.#pageSeen]);
    const data = this.#channelData;
    this.#channelData = undefined;
    return data;
  }

  /** A live channel that the page names now. @throws PoeError */
  async readChannelData(signal?: AbortSignal): Promise<ChannelData | undefined> {
    const {readHomePage} = await import('../site/site.js');
    return channelDataOfPage(await readHomePage(this.http, signal));
  }

  async #known(): Promise<RequestCredentials | undefined> {
    const formKey = this.#given ?? (await this.#memory.formKey());
    return formKey === undefined ? undefined : {formKey, facts: (await this.#knownFacts()) ?? builtIn('2025-03')};
  }

  async #knownFacts(): Promise<SiteFacts | undefined> {
    return this.#givenFacts ?? this.#memory.facts();
  }

  /** @param refused what Poe refused; facts that were given to begin with stand until then */
  async #readPage(signal?: AbortSignal, refused?: RequestCredentials): Promise<RequestCredentials> {
    // The page reader and its engine are dear to load and seldom needed.
    const {readPage} = await import('../site/site.js');
    const found = await readPage(this.http, signal, (html) => {
      this.#channelData = channelDataOfPage(html);
      this.#seePage();
    });
    await this.#memory.keepFormKey(found.key);
    const formKey = this.#given ?? found.key;
    if (!refused && this.#givenFacts) return {formKey, facts: this.#givenFacts};
    const told = this.factsOf(found, refused?.facts ?? (await this.#knownFacts()));
    const facts = refused ? insteadOf(refused, {formKey, facts: withAllHeaders(told)}, found.tag === undefined) : told;
    await this.#memory.keepFacts(facts);
    return {formKey, facts};
  }

  /** The page tells cookie from form key: without a good cookie it leads to the log-in page. */
  async #anotherRequest(
    refused: RequestCredentials,
    refusal: StaleFactError,
    key: OperationKey,
    signal?: AbortSignal,
  ): Promise<RequestCredentials> {
    const current = await this.passport(signal);
    if (!isSameRequest(current, refused)) return current;
    const read = (wanted: AbortSignal) =>
      this.#readPage(wanted, refused).catch((error: unknown) => this.#withoutPage(refused, error));
    const fresh = await this.#pageRefresh.join(read, signal);
    if (isSameRequest(fresh, refused)) throw this.#asBefore(refused.facts.operations[key].name, refusal);
    return fresh;
  }

  /** Whoever gave a form key may have no way to the page: then the other form of the site is tried. */
  #withoutPage({formKey, facts}: RequestCredentials, error: unknown): RequestCredentials {
    if (!this.#given || !(error instanceof PoeError) || needsTheUser.has(error.code)) throw error;
    return {formKey, facts: withAllHeaders(builtIn(facts.siteVersion === '2025-03' ? '2026-08' : '2025-03'))};
  }

  #asBefore(operation: string, refusal: StaleFactError): PoeError {
    return this.#given ? givenKeyRejected(refusal) : unchangedOnSite(operation, refusal);
  }

  async #anotherForm({formKey, facts}: RequestCredentials): Promise<RequestCredentials> {
    const wasAhead = this.takesFilesAhead;
    this.takesFilesAhead = false;
    if (wasAhead && facts.upload !== 'finish') return {formKey, facts};
    return {formKey, facts: {...facts, upload: facts.upload === 'operations' ? 'queryInfo' : 'operations'}};
  }

  async #anotherHash(
    refused: RequestCredentials,
    refusal: StaleFactError,
    key: OperationKey,
    signal?: AbortSignal,
  ): Promise<RequestCredentials> {
    const current = await this.passport(signal);
    if (!isSameOperation(current.facts, refused.facts, key)) return current;
    // What does not exist is refused in the same way as what has changed: that is looked into once in a while only.
    if (refusal.fact !== 'hash' && this.#memory.areHashesYoungerThan(hashesServeMs)) throw refusal;
    const facts = await this.#freshHashes(current.facts, key, signal);
    if (facts && !isSameOperation(facts, refused.facts, key)) return {...current, facts};
    if (refusal.fact !== 'hash') throw refusal;
    const other = siteVersions.map(builtIn).find((known) => !isSameOperation(known, refused.facts, key));
    if (!other) throw notFoundOnSite(refused.facts.operations[key].name, refusal);
    const operations = {...current.facts.operations, [key]: other.operations[key]};
    const isSend = key === 'sendMessage' || key === 'retryMessage';
    const {send, takes} = isSend ? other : current.facts;
    const {subscriptions} = key === 'subscribe' ? other : current.facts;
    return {...current, facts: {...current.facts, operations, send, takes, subscriptions}};
  }

  /** What is being read for another operation may do for this one. */
  async #freshHashes(facts: SiteFacts, key: OperationKey, signal?: AbortSignal): Promise<SiteFacts | undefined> {
    let isOwn = false;
    const read = (wanted: AbortSignal) => {
      isOwn = true;
      return this.#readHashes(facts, key, wanted);
    };
    const found = await this.#hashRefresh.join(read, signal);
    if (isOwn || (found && !isSameOperation(found, facts, key))) return found;
    return this.#hashRefresh.join(read, signal);
  }

  /** The facts with what the site's scripts tell; undefined where they tell nothing. */
  async #readHashes(facts: SiteFacts, key: OperationKey, signal?: AbortSignal): Promise<SiteFacts | undefined> {
    try {
      const [{readHomePage}, {readHashes, withHashes}] = await Promise.all([
        import('../site/site.js'),
        import('../site/bundles.js'),
      ]);
      const html = await readHomePage(this.http, signal);
      this.#memory.hashesRead();
      const isEnough = (found: FoundHashes) => !isSameOperation(withHashes(facts, found), facts, key);
      return withHashes(facts, await readHashes(html, this.http, isEnough, signal));
    } catch (error) {
      if (signal?.aborted) throw error;
      return undefined;
    }
  }
}

/** Failures of the page that no other form of requests makes up for. */
const needsTheUser = new Set<ErrorCode>(['bad_tokens', 'interrupted']);

/** With the headers that some sites want; to those that do not, they do no harm. */
const withAllHeaders = (facts: SiteFacts): SiteFacts => ({
  ...facts,
  namesOperations: true,
  revision: facts.revision ?? builtIn('2026-08').revision,
});

/** What to go by instead of what was refused. @param isTagGuessed whether the page did not tell it: then it may be the other one */
function insteadOf(refused: RequestCredentials, told: RequestCredentials, isTagGuessed: boolean): SiteFacts {
  if (!isTagGuessed || !isSameRequest(refused, told)) return told.facts;
  return {...told.facts, tag: builtIn(told.facts.tag.places ? '2025-03' : '2026-08').tag};
}

const isSameRequest = (one: RequestCredentials, other: RequestCredentials): boolean =>
  one.formKey === other.formKey &&
  one.facts.namesOperations === other.facts.namesOperations &&
  one.facts.revision === other.facts.revision &&
  JSON.stringify(one.facts.tag) === JSON.stringify(other.facts.tag);

const isSameOperation = (one: SiteFacts, other: SiteFacts, key: OperationKey): boolean =>
  one.operations[key].hash === other.operations[key].hash &&
  (key !== 'subscribe' || JSON.stringify(one.subscriptions) === JSON.stringify(other.subscriptions));

const notAFormKey = () =>
  new PoeError('bad_form_key', 'The form key is not valid: it must have 32 hexadecimal digits', {
    remedy: 'drop_form_key',
  });

/** A UUID that is always the same for a session, and from which nobody learns it. */
function uuidOf(pB: string): string {
  const hex = createHash('sha256').update(`device ${pB}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}
