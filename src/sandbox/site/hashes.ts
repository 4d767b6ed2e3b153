import {
  versionOf,
  type SiteVersion,
  type OperationKey,
  operationKeys,
  operations,
  subscriptions,
} from '../../core/web/protocol/operations.js';
import {seededHash} from '../world/seeded.js';

/** The persisted queries that the site knows at this moment. */
export class Hashes {
  readonly #hashes = new Map<OperationKey, string>();
  readonly #subscriptions: Map<string, string>;
  readonly #hidden = new Set<OperationKey>();
  readonly #siteVersion: SiteVersion;
  #turn = 1;

  constructor(siteVersion: SiteVersion) {
    this.#siteVersion = siteVersion;
    this.#subscriptions = new Map(subscriptions[siteVersion].map(({name, hash}) => [name, hash]));
    for (const key of operationKeys) this.#hashes.set(key, versionOf(key, siteVersion).hash);
  }

  entries(): [OperationKey, string][] {
    return [...this.#hashes];
  }

  /** The operation that a hash stands for now. */
  operationOf(hash: string): OperationKey | undefined {
    return this.entries().find(([, known]) => known === hash)?.[0];
  }

  /** The operation that is called so, whatever its hash. */
  named(queryName: string): OperationKey | undefined {
    return operationKeys.find((key) => versionOf(key, this.#siteVersion).name === queryName);
  }

  /** Gives an operation another hash, and forgets the old one. */
  rotate(key: OperationKey): string {
    const hash = seededHash(`${key} ${(this.#turn += 1)}`);
    this.#hashes.set(key, hash);
    return hash;
  }

  rotateSubscription(name: string): void {
    this.#subscriptions.set(name, seededHash(`${name} ${(this.#turn += 1)}`));
  }

  hide(key: OperationKey): void {
    this.#hidden.add(key);
  }

  knowsSubscription(name: string, hash: string): boolean {
    return this.#subscriptions.get(name) === hash;
  }

  /** What the site's scripts tell. */
  published(): {name: string; kind: string; hash: string}[] {
    return [
      ...this.entries()
        .filter(([key]) => !this.#hidden.has(key))
        .map(([key, hash]) => ({name: versionOf(key, this.#siteVersion).name, kind: operations[key].kind, hash})),
      ...[...this.#subscriptions].map(([name, hash]) => ({name, kind: 'subscription', hash})),
    ];
  }
}
