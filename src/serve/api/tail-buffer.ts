/** The last bytes of a stream. It copies them: a chunk that is stored holds all the memory into which it was read. */
export class TailBuffer {
  readonly #size: number;
  readonly #bytes: Buffer;
  #end = 0;

  /** @param size how many bytes are kept at least, if there are so many */
  constructor(size: number) {
    this.#size = size;
    this.#bytes = Buffer.allocUnsafe(2 * size);
  }

  push(chunk: Uint8Array): void {
    const part = chunk.byteLength > this.#size ? chunk.subarray(-this.#size) : chunk;
    if (this.#end + part.byteLength > this.#bytes.byteLength) {
      this.#bytes.copyWithin(0, this.#end - this.#size, this.#end);
      this.#end = this.#size;
    }
    this.#bytes.set(part, this.#end);
    this.#end += part.byteLength;
  }

  /** A character that was cut at the beginning is replaced. */
  toString(): string {
    return this.#bytes.toString('utf8', 0, this.#end);
  }
}
