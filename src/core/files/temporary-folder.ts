import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {PoeError} from '../errors.js';

/** A folder that only its owner can enter. It is created when the first path is requested. */
export class TemporaryFolder {
  #path: Promise<string> | undefined;
  #files = 0;

  /** A path in the folder that is not in use. @throws PoeError `file` if no folder can be created */
  async newPath(): Promise<string> {
    this.#path ??= createFolder();
    return join(await this.#path, String(++this.#files));
  }

  /** Deletes the folder and its files. Never fails. */
  async remove(): Promise<void> {
    const path = await this.#path?.catch(() => undefined);
    if (path !== undefined) await rm(path, {recursive: true, force: true}).catch(() => {});
  }
}

/** In the system's folder for temporary files, or else in the usual ones: the variable TMPDIR may name a folder that does not exist. */
async function createFolder(): Promise<string> {
  const configured = tmpdir();
  let failure: unknown;
  for (const parent of new Set([configured, '/tmp', '/var/tmp'])) {
    try {
      return await mkdtemp(join(parent, 'poe-'));
    } catch (error) {
      failure ??= error;
    }
  }
  const code = failure instanceof Error && 'code' in failure ? ` (${String(failure.code)})` : '';
  throw new PoeError('file', `Could not create a temporary folder in ${configured}${code}`, {
    hint: 'Nothing was sent. Set TMPDIR to a folder that you can write to.',
    cause: failure,
  });
}
