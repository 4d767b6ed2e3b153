/** The start and the end of an output, whose middle is left out if it is long. */
export class OutputBuffer {
  readonly #most: number;
  #head: Buffer[] = [];
  #headLength = 0;
  #tail: Buffer[] = [];
  #tailLength = 0;
  #omitted = 0;

  /** @param most bytes to store of the start, and of the end */
  constructor(most: number) {
    this.#most = most;
  }

  add(chunk: Buffer): void {
    const start = chunk.subarray(0, this.#most - this.#headLength);
    if (start.length > 0) this.#head.push(start);
    this.#headLength += start.length;
    const rest = chunk.subarray(start.length);
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailLength += rest.length;
    for (let [first] = this.#tail; first && this.#tailLength - first.length >= this.#most; [first] = this.#tail) {
      this.#tail.shift();
      this.#tailLength -= first.length;
      this.#omitted += first.length;
    }
  }

  text(): string {
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail);
    const excess = Math.max(0, tail.length - this.#most);
    const omitted = this.#omitted + excess;
    if (omitted === 0) return Buffer.concat([head, tail]).toString('utf8');
    const count = Math.ceil(omitted / 1000).toLocaleString('en-US');
    return `${head.toString('utf8')}\n[… ${count} KB left out …]\n${tail.subarray(excess).toString('utf8')}`;
  }
}
