import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

/** A folder that only its owner can enter, made when it is first needed. */
export class TemporaryFolder {
  #path: Promise<string> | undefined;
  #files = 0;

  /** A path in it that is not taken. */
  async newPath(): Promise<string> {
    this.#path ??= mkdtemp(join(tmpdir(), 'poe-'));
    return join(await this.#path, String(++this.#files));
  }

  /** Takes it away with all that is in it. Never fails. */
  async remove(): Promise<void> {
    const path = await this.#path?.catch(() => undefined);
    if (path !== undefined) await rm(path, {recursive: true, force: true}).catch(() => {});
  }
}
