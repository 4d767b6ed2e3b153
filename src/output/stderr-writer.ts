import {jsonLine} from './format/json.js';
import {type Paint, paintWith} from './terminal/paint.js';
import {wrapLine} from './terminal/rows/wrap.js';
import type {OutputStream} from './terminal/writer.js';

/** Writes whole lines to stderr, without disturbing a reply, a pager or a chat that uses the same terminal. */
export class StderrWriter {
  readonly paint: Paint;
  readonly #stream: OutputStream;
  /** Lines to write after `release()`. */
  #held: string[] | undefined;
  #redirected: ((line: string) => void) | undefined;

  constructor(stream: OutputStream, {color}: {color: boolean}) {
    this.#stream = stream;
    this.paint = paintWith({color});
  }

  /** Writes a sanitized text on one line. */
  line(text: string): void {
    if (this.#held) this.#held.push(text);
    else if (this.#redirected) this.#redirected(text);
    else this.#stream.write(`${text}\n`);
  }

  /** Writes a value as one line of JSON, sanitized on a terminal. */
  json(value: unknown): void {
    this.line(jsonLine(value, this.#stream).trimEnd());
  }

  /** Writes a sanitized text, wrapped on a terminal. Further rows are indented. */
  paragraph(text: string, {style = plain, indent = ''}: {style?: (row: string) => string; indent?: string} = {}): void {
    const {isTTY, columns} = this.#stream;
    const rows = isTTY && columns ? wrapLine(text, columns, indent) : [text];
    for (const row of rows) this.line(style(row));
  }

  /** Keeps all lines until `release()`. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const line of held) this.line(line);
  }

  /**
   * Passes lines to a chat that draws on the terminal. Has no effect if stderr is not a terminal.
   * @returns a function that ends this
   */
  redirect(writeLine: (line: string) => void): () => void {
    if (this.#stream.isTTY) this.#redirected = writeLine;
    return () => (this.#redirected = undefined);
  }
}

const plain = (row: string) => row;
