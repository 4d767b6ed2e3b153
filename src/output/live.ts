export interface LiveTerminal {
  write(text: string): unknown;
  columns?: number;
  rows?: number;
}

/** Shows a reply as it grows. */
export class LiveMarkdown {
  readonly #terminal: LiveTerminal;
  #text = '';

  constructor(terminal: LiveTerminal, _look: {color: boolean}) {
    this.#terminal = terminal;
  }

  update(text: string): void {
    this.#text = text;
  }

  finish(text: string): void {
    this.update(text);
    this.stop();
  }

  stop(): void {
    this.#terminal.write(`${this.#text}\n`);
    this.#text = '';
  }
}
