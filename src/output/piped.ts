/** Writes a reply into a pipe. */
export class PipedText {
  readonly #write: (text: string) => void;
  #text = '';

  constructor(write: (text: string) => void, _options: {now?: () => number} = {}) {
    this.#write = write;
  }

  update(text: string): void {
    this.#text = text;
  }

  finish(text: string): {exact: boolean} {
    if (text !== '') this.#write(text.endsWith('\n') ? text : `${text}\n`);
    return {exact: true};
  }

  stop(): void {
    this.finish(this.#text);
  }
}
