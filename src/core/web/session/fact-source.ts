import {type ErrorCode, PoeError} from '../../errors.js';
import {SingleFlight} from '../../http/single-flight.js';
import {builtIn, type SiteFacts} from '../protocol/facts.js';
import type {OperationKey} from '../protocol/operations.js';
import type {FoundHashes} from '../site/bundles.js';
import {type ChannelData, channelDataOfPage} from '../site/channel-data.js';
import type {PageFacts} from '../site/home-page.js';
import {isSameOperation, isSameRequest, type SiteCredentials} from './credentials.js';
import type {FactCache} from './fact-cache.js';
import type {Http} from './http.js';

const hashesAreRecentMs = 3_600_000;

interface FactSourceOptions {
  http: Http;
  cache: FactCache;
  /** A form key from the user. It overrides the one on the site. */
  formKey: string | undefined;
  /** Facts from the user. They are used until Poe rejects one of them. */
  facts: SiteFacts | undefined;
}

/** Reads the form key, the facts and the live channel: from the cache and from the site. Stores what the site shows. */
export class FactSource {
  readonly #http: Http;
  readonly #cache: FactCache;
  readonly #userKey: string | undefined;
  readonly #userFacts: SiteFacts | undefined;
  readonly #pageRefresh = new SingleFlight<SiteCredentials>();
  readonly #hashRefresh = new SingleFlight<SiteFacts | undefined>();
  #channelData: ChannelData | undefined;
  #onPage: () => void = () => {};
  /** Resolves when the home page was read for the first time; its scripts may still be loading. */
  readonly firstPage = new Promise<void>((resolve) => (this.#onPage = resolve));

  constructor({http, cache, formKey, facts}: FactSourceOptions) {
    this.#http = http;
    this.#cache = cache;
    this.#userKey = formKey;
    this.#userFacts = facts;
  }

  get hasUserKey(): boolean {
    return this.#userKey !== undefined;
  }

  /** Whether the hashes were read so recently that they need not be read again. */
  get hasRecentHashes(): boolean {
    return this.#cache.areHashesYoungerThan(hashesAreRecentMs);
  }

  /** The credentials from the user or the cache, or else from the site. @throws PoeError */
  async load(signal?: AbortSignal): Promise<SiteCredentials> {
    return (await this.#known()) ?? this.#cache.searchAlone(() => this.#search(signal), {signal});
  }

  /** The credentials from the user or the cache. */
  async #known(): Promise<SiteCredentials | undefined> {
    const formKey = this.#userKey ?? (await this.#cache.formKey());
    return formKey === undefined ? undefined : {formKey, facts: (await this.#storedFacts()) ?? builtIn('2025-03')};
  }

  async #search(signal?: AbortSignal): Promise<SiteCredentials> {
    // Another process may have found them meanwhile.
    const known = await this.#known();
    if (known) return known;
    const page = await this.#readPage(signal);
    if (this.#userFacts) return {formKey: page.key, facts: this.#userFacts};
    const facts = this.merge(page, await this.#storedFacts());
    await this.#cache.storeFacts(facts);
    return {formKey: page.key, facts};
  }

  /** Reads the home page again after Poe rejected credentials. Concurrent calls share one request. @throws PoeError */
  refreshRequest(rejected: SiteCredentials, signal?: AbortSignal): Promise<SiteCredentials> {
    const refresh = (shared: AbortSignal) =>
      this.#cache.searchAlone(() => this.#refreshRequest(rejected, shared), {signal: shared});
    return this.#pageRefresh.join(refresh, signal);
  }

  /**
   * The facts with the hashes in the site's scripts. Concurrent calls share one reading if it finds the operation.
   * @returns undefined if the scripts cannot be read
   */
  async refreshHashes(facts: SiteFacts, key: OperationKey, signal?: AbortSignal): Promise<SiteFacts | undefined> {
    let isOwn = false;
    const read = (shared: AbortSignal) => {
      isOwn = true;
      return this.#readHashes(facts, key, shared);
    };
    const fresh = await this.#hashRefresh.join(read, signal);
    if (isOwn || (fresh && !isSameOperation(fresh, facts, key))) return fresh;
    return this.#hashRefresh.join(read, signal);
  }

  /** The facts of the home page, completed by known facts of the same site version, or by the built-in ones. */
  merge({siteVersion, revision, tag}: PageFacts, known: SiteFacts | undefined): SiteFacts {
    const base = known?.siteVersion === siteVersion ? known : builtIn(siteVersion);
    return {...base, revision: revision ?? base.revision, tag: tag ?? base.tag};
  }

  /** The live channel in the home page that was read last. Each is returned once. */
  takeChannelData(): ChannelData | undefined {
    const data = this.#channelData;
    this.#channelData = undefined;
    return data;
  }

  /** Reads the home page for a live channel. @throws PoeError */
  async readChannelData(signal?: AbortSignal): Promise<ChannelData | undefined> {
    const {readHomePage} = await import('../site/home-page.js');
    return channelDataOfPage(await readHomePage(this.#http, signal));
  }

  async #storedFacts(): Promise<SiteFacts | undefined> {
    return this.#userFacts ?? this.#cache.facts();
  }

  async #readPage(signal?: AbortSignal): Promise<PageFacts> {
    // Loaded on demand: the page reader and its script engine are large and rarely needed.
    const {readPage} = await import('../site/home-page.js');
    const page = await readPage(this.#http, signal, (html) => {
      this.#channelData = channelDataOfPage(html);
      this.#onPage();
    });
    await this.#cache.storeFormKey(page.key);
    return page;
  }

  /**
   * Without valid cookies the page redirects to the login page, so this also distinguishes a wrong cookie from a wrong
   * form key.
   */
  async #refreshRequest(rejected: SiteCredentials, signal: AbortSignal): Promise<SiteCredentials> {
    const known = this.#userKey === undefined ? await this.#known() : undefined;
    // Another process has found a newer key.
    if (known && known.formKey !== rejected.formKey) return {...known, facts: withAllHeaders(known.facts)};
    try {
      const page = await this.#readPage(signal);
      const formKey = this.#userKey ?? page.key;
      const shown = {formKey, facts: withAllHeaders(this.merge(page, rejected.facts))};
      // If the page does not show how tags are computed, the rejected method may have been the wrong one.
      const isOtherTag = page.tag === undefined && isSameRequest(rejected, shown);
      const facts = isOtherTag ? withOtherTag(shown.facts) : shown.facts;
      await this.#cache.storeFacts(facts);
      return {formKey, facts};
    } catch (error) {
      // A caller with a form key may have no access to the page; then the other site version is tried.
      if (this.#userKey === undefined || !(error instanceof PoeError) || needsTheUser.has(error.code)) throw error;
      const {formKey, facts} = rejected;
      return {formKey, facts: withAllHeaders(builtIn(facts.siteVersion === '2025-03' ? '2026-08' : '2025-03'))};
    }
  }

  async #readHashes(facts: SiteFacts, key: OperationKey, signal?: AbortSignal): Promise<SiteFacts | undefined> {
    try {
      const [{readHomePage}, {readHashes, withHashes}] = await Promise.all([
        import('../site/home-page.js'),
        import('../site/bundles.js'),
      ]);
      const html = await readHomePage(this.#http, signal);
      this.#cache.markHashesRead();
      const isEnough = (found: FoundHashes) => !isSameOperation(withHashes(facts, found), facts, key);
      return withHashes(facts, await readHashes(html, this.#http, isEnough, signal));
    } catch (error) {
      if (signal?.aborted) throw error;
      return undefined;
    }
  }
}

/** Failures of the home page that another site version would not avoid. */
const needsTheUser: ReadonlySet<ErrorCode> = new Set(['bad_tokens', 'interrupted']);

/** With the headers that some site versions require; the others ignore them. */
const withAllHeaders = (facts: SiteFacts): SiteFacts => ({
  ...facts,
  namesOperations: true,
  revision: facts.revision ?? builtIn('2026-08').revision,
});

const withOtherTag = (facts: SiteFacts): SiteFacts => ({
  ...facts,
  tag: builtIn(facts.tag.places ? '2025-03' : '2026-08').tag,
});
