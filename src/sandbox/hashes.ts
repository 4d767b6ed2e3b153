import {type Generation, operations, type OperationKey, subscriptions} from '../core/web/operations.js';
import {seededHash} from './seeded.js';

/** The persisted queries that the site knows at this moment. */
export class Hashes {
  readonly #hashes = new Map<OperationKey, string>();
  readonly #generation: Generation;
  #turn = 1;

  constructor(generation: Generation) {
    this.#generation = generation;
    for (const key of operationKeys) this.#hashes.set(key, operations[key].forms[generation].hash);
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
    return operationKeys.find((key) => operations[key].forms[this.#generation].name === queryName);
  }

  /** Gives an operation another hash, and forgets the old one. */
  rotate(key: OperationKey): string {
    const hash = seededHash(`${key} ${(this.#turn += 1)}`);
    this.#hashes.set(key, hash);
    return hash;
  }

  knowsSubscription(name: string, hash: string): boolean {
    return subscriptions[this.#generation].some((known) => known.name === name && known.hash === hash);
  }
}

// Object.keys gives strings; these are the table's own.
const operationKeys = Object.keys(operations) as OperationKey[];
