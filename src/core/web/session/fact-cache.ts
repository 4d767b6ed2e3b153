import {createHash} from 'node:crypto';
import type {CallOptions} from '../../options.js';
import {registerSecret} from '../../log/redact.js';
import {readFacts, type SiteFacts} from '../protocol/facts.js';

/** A form key that was found on a site for an account. */
export interface FoundFormKey {
  key: string;
  baseUrl: string;
  /** A short digest of the cookie `p-b`. */
  account: string;
  /** ISO 8601. */
  foundAt: string;
}

/** Facts that were read from a site. */
export interface FoundFacts {
  /** In the format of `readFacts`. */
  facts: unknown;
  baseUrl: string;
  /** ISO 8601. */
  foundAt: string;
  /** When the hashes were last read from the site's scripts, if ever. ISO 8601. */
  hashesAt?: string;
}

/** Stores facts and form keys from the site for the next run. */
export interface SessionStore {
  foundFormKey(): Promise<FoundFormKey | undefined>;
  saveFormKey(found: FoundFormKey): Promise<void>;
  foundFacts?(): Promise<FoundFacts | undefined>;
  saveFacts?(found: FoundFacts): Promise<void>;
  /**
   * Runs the search for a form key in one process at a time. The others wait, use what it stores, and search on their own
   * after a time limit. Default: several processes may search at the same time.
   */
  searchAlone?<T>(search: () => Promise<T>, options: CallOptions): Promise<T>;
}

/** The stored form key and facts of one account on one site. */
export class FactCache {
  readonly #store: SessionStore | undefined;
  readonly #origin: string;
  readonly #account: string;
  /** When the hashes were read, in milliseconds since 1970. */
  #hashesAt = 0;

  constructor(store: SessionStore | undefined, origin: string, tokens: {pB: string}) {
    this.#store = store;
    this.#origin = origin;
    this.#account = digest(tokens);
  }

  async formKey(): Promise<string | undefined> {
    const found = await this.#store?.foundFormKey();
    if (found?.baseUrl !== this.#origin || found.account !== this.#account) return undefined;
    registerSecret(found.key);
    return found.key;
  }

  /** See {@link SessionStore.searchAlone}. */
  async searchAlone<T>(search: () => Promise<T>, options: CallOptions): Promise<T> {
    return this.#store?.searchAlone ? this.#store.searchAlone(search, options) : search();
  }

  async facts(): Promise<SiteFacts | undefined> {
    const found = await this.#store?.foundFacts?.();
    if (found?.baseUrl !== this.#origin) return undefined;
    this.#hashesAt = found.hashesAt === undefined ? 0 : Date.parse(found.hashesAt);
    return readFacts(found.facts);
  }

  async storeFormKey(key: string): Promise<void> {
    registerSecret(key);
    await this.#store?.saveFormKey(foundFormKey(key, this.#origin, this.#account));
  }

  async storeFacts(facts: SiteFacts): Promise<void> {
    const hashesAt = this.#hashesAt > 0 ? new Date(this.#hashesAt).toISOString() : undefined;
    await this.#store?.saveFacts?.({facts, baseUrl: this.#origin, foundAt: new Date().toISOString(), hashesAt});
  }

  /** Records that the hashes are being read now. */
  markHashesRead(): void {
    this.#hashesAt = Date.now();
  }

  /** Whether the hashes were read less than `ms` ago. A time in the future, from a wrong clock, does not count. */
  areHashesYoungerThan(ms: number): boolean {
    const ageMs = Date.now() - this.#hashesAt;
    return ageMs >= 0 && ageMs < ms;
  }
}

const digest = ({pB}: {pB: string}) => createHash('sha256').update(pB).digest('hex').slice(0, 16);

const foundFormKey = (key: string, baseUrl: string, account: string): FoundFormKey => ({
  key,
  baseUrl,
  account,
  foundAt: new Date().toISOString(),
});

/** A form key from the user, in the format of a found one, so that it is replaced when Poe rejects it. */
export const userFormKey = (key: string, baseUrl: string, tokens: {pB: string}): FoundFormKey =>
  foundFormKey(key, new URL(baseUrl).origin, digest(tokens));
