import {join} from 'node:path';
import {interruption} from '../core/errors.js';
import {makePrivateFolder} from './files/folder.js';
import {lock} from './files/lock.js';

/** A search takes a few seconds, on a busy machine longer. */
const maxSearchMs = 60_000;
const maxWaitMs = 30_000;

/**
 * Runs a search for facts about the site while no other process of this machine runs one. If that takes too long, or the folder
 * cannot be written, it is run anyway.
 * @throws what the search throws; PoeError `interrupted`
 */
export async function searchAlone<T>(
  folder: string,
  search: () => Promise<T>,
  {signal}: {signal?: AbortSignal | undefined},
): Promise<T> {
  const release = await takeLock(folder, signal);
  try {
    return await search();
  } finally {
    release();
  }
}

async function takeLock(folder: string, signal: AbortSignal | undefined): Promise<() => void> {
  try {
    makePrivateFolder(folder);
    return await lock(join(folder, 'site-search.lock'), {maxAgeMs: maxSearchMs, maxWaitMs, signal});
  } catch {
    if (signal?.aborted) throw interruption(signal);
    return () => {};
  }
}
