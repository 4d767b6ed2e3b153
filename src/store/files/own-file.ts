import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import {dirname} from 'node:path';
import process from 'node:process';
import {makePrivateFolder} from './folder.js';
import {uniqueName} from './unique-name.js';

/* Files that must not come from another user, such as code. They only make poe faster, so every failure counts as no file. */

/** Windows has neither flag. */
// oxlint-disable-next-line no-unnecessary-condition
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** @returns undefined if there is no file, it is larger, or another user may have written it */
export function readOwnFile(path: string, limits: {maxBytes: number}): Buffer | undefined {
  const fd = openOwnFile(path, limits);
  try {
    return fd === undefined ? undefined : readFileSync(fd);
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Opens a file for reading. @returns its descriptor; undefined as for {@link readOwnFile} */
export function openOwnFile(path: string, {maxBytes}: {maxBytes: number}): number | undefined {
  let fd: number | undefined;
  try {
    if (!isOwnFolder(dirname(path))) return undefined;
    fd = openSync(path, flags);
    const stats = fstatSync(fd);
    if (stats.isFile() && isOwn(stats) && stats.size <= maxBytes) return fd;
  } catch {
    // There is no such file.
  }
  if (fd !== undefined) closeSync(fd);
  return undefined;
}

/** Writes a file that only this user can access, unless others can write to its folder. Never throws. */
export function writeOwnFile(path: string, data: string | Uint8Array): void {
  const temporary = `${path}.${uniqueName()}`;
  try {
    makePrivateFolder(dirname(path));
    if (!isOwnFolder(dirname(path))) return;
    writeFileSync(temporary, data, {mode: 0o600, flag: 'wx'});
    renameSync(temporary, path);
  } catch {
    deleteOwnFile(temporary);
  }
}

/** Never throws. */
export function deleteOwnFile(path: string): void {
  try {
    rmSync(path, {force: true});
  } catch {
    // There is no such folder.
  }
}

function isOwnFolder(folder: string): boolean {
  const stats = lstatSync(folder);
  return stats.isDirectory() && isOwn(stats);
}

/** Only systems with file owners have meaningful modes. */
const isOwn = ({uid, mode}: Stats): boolean =>
  process.geteuid === undefined || (uid === process.geteuid() && (mode & 0o077) === 0);
