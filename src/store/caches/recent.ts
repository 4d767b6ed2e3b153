/** Items added in this process, to be put before the items stored earlier. */
export class RecentList<T> {
  readonly #added = new Map<string, T>();
  readonly #removed = new Set<string>();
  #isCleared = false;

  /**
   * @param limit how many items to store
   * @param idOf identifies equal items
   * @param merge combines an item with an earlier version of it
   */
  constructor(
    readonly limit: number,
    readonly idOf: (item: T) => string,
    readonly merge: (item: T, earlier: T) => T,
  ) {}

  /** Adds an item behind those added before. Further items are ignored when the limit is reached. */
  add(item: T): void {
    const id = this.idOf(item);
    const earlier = this.#added.get(id);
    if (earlier === undefined && this.#added.size >= this.limit) return;
    this.#added.set(id, earlier === undefined ? item : this.merge(item, earlier));
  }

  /** Removes items, including stored ones. */
  remove(ids: Iterable<string> | 'all'): void {
    if (ids === 'all') {
      this.#added.clear();
      this.#isCleared = true;
      return;
    }
    for (const id of ids) {
      this.#added.delete(id);
      this.#removed.add(id);
    }
  }

  /** The added items in their order, then the remaining stored ones. */
  mergedWith(stored: readonly T[]): T[] {
    const rest = new Map(this.#isCleared ? [] : stored.map((item) => [this.idOf(item), item]));
    for (const id of this.#removed) rest.delete(id);
    const added = [...this.#added].map(([id, item]) => {
      const earlier = rest.get(id);
      rest.delete(id);
      return earlier === undefined ? item : this.merge(item, earlier);
    });
    return [...added, ...rest.values()].slice(0, this.limit);
  }
}
