import {
  versionOf,
  type SiteVersion,
  type OperationKey,
  operationKeys,
  operations,
  subscriptions,
} from '../../core/web/protocol/operations.js';
import {seededHash} from '../world/seeded.js';

/** The hashes of the persisted queries that the site currently accepts. */
export class Hashes {
  readonly #hashes = new Map<OperationKey, string>();
  readonly #subscriptions: Map<string, string>;
  readonly #hidden = new Set<OperationKey>();
  readonly #siteVersion: SiteVersion;
  #rotations = 1;

  constructor(siteVersion: SiteVersion) {
    this.#siteVersion = siteVersion;
    this.#subscriptions = new Map(subscriptions[siteVersion].map(({name, hash}) => [name, hash]));
    for (const key of operationKeys) this.#hashes.set(key, versionOf(key, siteVersion).hash);
  }

  /** The operation with this hash. */
  operationWithHash(hash: string): OperationKey | undefined {
    return this.#entries().find(([, current]) => current === hash)?.[0];
  }

  /** The operation with this name and any hash. */
  operationNamed(queryName: string): OperationKey | undefined {
    return operationKeys.find((key) => this.#nameOf(key) === queryName);
  }

  isSubscription(name: string, hash: string): boolean {
    return this.#subscriptions.get(name) === hash;
  }

  /** Gives an operation a new hash and rejects the old one. @returns the new hash */
  rotate(key: OperationKey): string {
    const hash = seededHash(`${key} ${(this.#rotations += 1)}`);
    this.#hashes.set(key, hash);
    return hash;
  }

  rotateSubscription(name: string): void {
    this.#subscriptions.set(name, seededHash(`${name} ${(this.#rotations += 1)}`));
  }

  /** Removes an operation from the scripts. Its hash stays valid. */
  hide(key: OperationKey): void {
    this.#hidden.add(key);
  }

  /** The queries that the site's scripts contain. */
  published(): {name: string; kind: string; hash: string}[] {
    return [
      ...this.#entries()
        .filter(([key]) => !this.#hidden.has(key))
        .map(([key, hash]) => ({name: this.#nameOf(key), kind: operations[key].kind, hash})),
      ...[...this.#subscriptions].map(([name, hash]) => ({name, kind: 'subscription', hash})),
    ];
  }

  #entries(): [OperationKey, string][] {
    return [...this.#hashes];
  }

  #nameOf(key: OperationKey): string {
    return versionOf(key, this.#siteVersion).name;
  }
}
