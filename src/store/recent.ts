/** What was seen of a kind of thing, to go before what was kept of it earlier. */
export class RecentList<T> {
  readonly #seen = new Map<string, T>();
  readonly #forgotten = new Set<string>();
  #areAllForgotten = false;

  /**
   * @param most how many are kept
   * @param idOf what makes two of them the same
   * @param merge one that is seen again, with what only the earlier look at it told
   */
  constructor(
    readonly most: number,
    readonly idOf: (item: T) => string,
    readonly merge: (item: T, before: T) => T,
  ) {}

  add(item: T): void {
    const id = this.idOf(item);
    const before = this.#seen.get(id);
    if (before === undefined && this.#seen.size >= this.most) return;
    this.#seen.set(id, before === undefined ? item : this.merge(item, before));
  }

  remove(ids: Iterable<string> | 'all'): void {
    if (ids === 'all') {
      this.#seen.clear();
      this.#areAllForgotten = true;
      return;
    }
    for (const id of ids) {
      this.#seen.delete(id);
      this.#forgotten.add(id);
    }
  }

  /** What there is now, if `kept` was there before: what was seen, in that order, then the rest. */
  mergedWith(kept: readonly T[]): T[] {
    const rest = new Map(this.#areAllForgotten ? [] : kept.map((item) => [this.idOf(item), item]));
    for (const id of this.#forgotten) rest.delete(id);
    const seen = [...this.#seen].map(([id, item]) => {
      const before = rest.get(id);
      rest.delete(id);
      return before === undefined ? item : this.merge(item, before);
    });
    return [...seen, ...rest.values()].slice(0, this.most);
  }
}
