import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A folder that only its owner can enter. It is created when the first path is requested. */
export class TemporaryFolder {
  #path: Promise<string> | undefined;
  #files = 0;

  /** A path in the folder that is not in use. */
  async newPath(): Promise<string> {
    this.#path ??= mkdtemp(join(tmpdir(), 'poe-'));
    return join(await this.#path, String(++this.#files));
  }

  /** Deletes the folder and its files. Never fails. */
  async remove(): Promise<void> {
    const path = await this.#path?.catch(() => undefined);
    if (path !== undefined) await rm(path, {recursive: true, force: true}).catch(() => {});
  }
}
