import {createHash} from 'node:crypto';
import {registerSecret} from '../../redact.js';
import {readFacts, type SiteFacts} from '../protocol/facts.js';

/** A form key found on a site, and for whom. */
export interface FoundFormKey {
  key: string;
  baseUrl: string;
  /** A short digest of the session cookie. */
  account: string;
  /** ISO 8601. */
  foundAt: string;
}

/** What was found out about a site. */
export interface FoundFacts {
  /** As `readFacts` reads them. */
  facts: unknown;
  baseUrl: string;
  /** ISO 8601. */
  foundAt: string;
  /** When the hashes of operations were read from the site's scripts, if ever. ISO 8601. */
  hashesAt?: string;
}

/** Where a session keeps what it found out, from one run to the next. */
export interface SessionStore {
  foundFormKey(): Promise<FoundFormKey | undefined>;
  saveFormKey(found: FoundFormKey): Promise<void>;
  foundFacts?(): Promise<FoundFacts | undefined>;
  saveFacts?(found: FoundFacts): Promise<void>;
}

/** What one session remembers of one site, where there is a store. */
export class FactCache {
  readonly #store: SessionStore | undefined;
  readonly #origin: string;
  readonly #account: string;
  /** When the hashes were read from the site's scripts; in ms. */
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

  async facts(): Promise<SiteFacts | undefined> {
    const found = await this.#store?.foundFacts?.();
    if (found?.baseUrl !== this.#origin) return undefined;
    this.#hashesAt = found.hashesAt === undefined ? 0 : Date.parse(found.hashesAt);
    return readFacts(found.facts);
  }

  async keepFormKey(key: string): Promise<void> {
    registerSecret(key);
    await this.#store?.saveFormKey(foundFormKey(key, this.#origin, this.#account));
  }

  async keepFacts(facts: SiteFacts): Promise<void> {
    const hashesAt = this.#hashesAt > 0 ? new Date(this.#hashesAt).toISOString() : undefined;
    await this.#store?.saveFacts?.({facts, baseUrl: this.#origin, foundAt: new Date().toISOString(), hashesAt});
  }

  /** The site's scripts are being read now. */
  hashesRead(): void {
    this.#hashesAt = Date.now();
  }

  /** Whether the hashes were read less than so long ago. A time to come is the mistake of a clock. */
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

/** A form key that the user gave, in the form of one that was found: so that it is replaced when it no longer serves. */
export const givenFormKey = (key: string, baseUrl: string, tokens: {pB: string}): FoundFormKey =>
  foundFormKey(key, new URL(baseUrl).origin, digest(tokens));
