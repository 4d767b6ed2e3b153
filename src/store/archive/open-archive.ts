import {resolve} from 'node:path';
import type {ArchiveStore} from '../../core/archive/archive-store.js';
import {PoeError} from '../../core/errors.js';
import {Archive} from './archive.js';

export interface OpenArchiveOptions {
  /** Called with the new path of a damaged file, in whose place an empty one was created. */
  onDamaged?: ((path: string) => void) | undefined;
}

/**
 * Opens an archive of chats for the option `archive` of a client: an SQLite file that only its owner can read, and a folder beside it
 * for files. It is created if it does not exist. Several programs may use it at the same time. Needs the optional package libsql.
 * @param path the file, or `:memory:`
 * @throws PoeError `store`, also if SQLite is not available on this platform; `usage` without a path
 */
export async function openArchive(
  path: string,
  {onDamaged = () => {}}: OpenArchiveOptions = {},
): Promise<ArchiveStore> {
  // Callers without types may pass anything.
  if (typeof path !== 'string' || path === '') {
    throw new PoeError('usage', 'The path of the archive is missing', {hint: 'Pass the path of a file.'});
  }
  return Archive.open({path: path === ':memory:' ? path : resolve(path), onDamaged});
}
