import {dirname} from 'node:path';
import {PoeError} from '../../core/errors.js';
import {makePrivateFolder} from '../../store/files/folder.js';
import {lock} from '../../store/files/lock.js';

const dayMs = 86_400_000;

/** Runs a sync while no other process runs one, which would burden Poe twice. @throws PoeError `store` if another one runs */
export async function alone<T>(path: string, sync: () => Promise<T>): Promise<T> {
  if (path === ':memory:') return sync();
  makePrivateFolder(dirname(path));
  const release = await lock(`${path}.sync.lock`, {maxAgeMs: dayMs, maxWaitMs: 500}).catch((error: unknown) => {
    if (!(error instanceof PoeError)) throw error;
    throw new PoeError('store', 'Another poe sync is running', {hint: 'Wait until it has ended.', cause: error});
  });
  try {
    return await sync();
  } finally {
    release();
  }
}
