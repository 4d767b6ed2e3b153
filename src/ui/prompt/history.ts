import {appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';

const most = 1000;
const longest = 20_000;

/** What was typed before, newest last; kept in a file that only its owner can read. A file that cannot be had is none. */
export class PromptHistory {
  readonly #path: string | undefined;
  readonly #lines: string[];

  constructor(path: string | undefined) {
    this.#path = path;
    this.#lines = path === undefined ? [] : readLines(path);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  add(line: string): void {
    if (line.trim() === '' || line.length > longest || this.#lines.at(-1) === line) return;
    this.#lines.push(line);
    if (this.#path === undefined) return;
    try {
      mkdirSync(dirname(this.#path), {recursive: true, mode: 0o700});
      appendFileSync(this.#path, `${JSON.stringify(line)}\n`, {mode: 0o600});
      chmodSync(this.#path, 0o600);
      if (this.#lines.length > 2 * most) this.#shorten(this.#path);
    } catch {
      // The disk may be full, or the folder read-only: the chat goes on.
    }
  }

  #shorten(path: string): void {
    this.#lines.splice(0, this.#lines.length - most);
    writeFileSync(path, this.#lines.map((line) => `${JSON.stringify(line)}\n`).join(''), {mode: 0o600});
  }

  /** The newest line with this text, older than the one at `before`. */
  find(text: string, before = this.#lines.length): number {
    return this.#lines.slice(0, before).findLastIndex((line) => line.includes(text));
  }
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').flatMap(toLine);
  } catch {
    return [];
  }
}

function toLine(json: string): string[] {
  try {
    const line: unknown = JSON.parse(json);
    return typeof line === 'string' ? [line] : [];
  } catch {
    return [];
  }
}
