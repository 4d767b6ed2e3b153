import {appendFileSync, closeSync, fstatSync, openSync} from 'node:fs';
import {dirname} from 'node:path';

/**
 * A file that is appended to. It stays open: opening it for each line takes longer than writing the line. Other processes may append at
 * the same time.
 */
export class AppendFile {
  readonly path: string;
  #fd: number | undefined;

  constructor(path: string) {
    this.path = path;
  }

  /**
   * Appends a text. Creates the file if it does not exist, or no longer.
   * @param createFolder called before that with the folder of the file
   * @throws the system's error
   */
  append(text: string, createFolder?: (folder: string) => void): void {
    if (this.#fd !== undefined && fstatSync(this.#fd).nlink === 0) this.close();
    if (this.#fd === undefined) {
      createFolder?.(dirname(this.path));
      this.#fd = openSync(this.path, 'a', 0o600);
    }
    appendFileSync(this.#fd, text);
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}
