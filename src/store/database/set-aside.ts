import {existsSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {isSystemError} from '../files/errors.js';
import {lock} from '../files/lock.js';

/**
 * Renames a damaged database, so that a new one can take its place. Only one process does it: another one could rename the new file.
 * @param isStillDamaged checks again, once no other process can rename the file
 * @returns the new path; undefined if another process was faster
 */
export async function setAside(path: string, isStillDamaged: () => boolean): Promise<string | undefined> {
  const release = await lock(`${path}.lock`);
  try {
    if (!isStillDamaged()) return undefined;
    const target = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`;
    // The last changes are in the other two files.
    for (const suffix of ['', '-wal', '-shm']) renameIfExists(`${path}${suffix}`, `${target}${suffix}`);
    rmSync(markerOf(path), {force: true});
    return target;
  } finally {
    release();
  }
}

const markerOf = (path: string): string => `${path}.damaged`;

/** Whether a query has found that the file is damaged. Opening it does not find every damage. */
export const isMarkedDamaged = (path: string): boolean => existsSync(markerOf(path));

/** Makes the next process that opens the file set it aside: this one may be in the middle of something. Never throws. */
export function markDamaged(path: string): void {
  try {
    writeFileSync(markerOf(path), '', {mode: 0o600});
  } catch {
    // Then the next query that finds the damage tries again.
  }
}

function renameIfExists(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!isSystemError(error, 'ENOENT')) throw error;
  }
}
