import {dirname} from 'node:path';
import {attempt, toStoreError} from './errors.js';
import {makePrivateFolder} from './folder.js';
import {lock} from './lock.js';

/** Changes a file while no other process does. Creates its folder. @throws PoeError `store`, and what `work` throws */
export async function withLock<T>(path: string, work: () => T): Promise<T> {
  attempt('write', path, () => makePrivateFolder(dirname(path)));
  const release = await lock(`${path}.lock`).catch((error: unknown) => {
    throw toStoreError(error, 'write', path);
  });
  try {
    return work();
  } finally {
    attempt('unlock', path, release);
  }
}
