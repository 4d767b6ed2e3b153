/** Disposes of a value at the end of a block, unless it is released before. For `using`. */
export class Guard<T> implements Disposable {
  readonly #value: T;
  readonly #dispose: (value: T) => void;
  #isReleased = false;

  constructor(value: T, dispose: (value: T) => void) {
    this.#value = value;
    this.#dispose = dispose;
  }

  /** Returns the value to a new owner, which must dispose of it. */
  release(): T {
    this.#isReleased = true;
    return this.#value;
  }

  [Symbol.dispose](): void {
    if (!this.#isReleased) this.#dispose(this.#value);
  }
}
