import {closeSync, constants, fchmodSync, fstatSync, openSync, readFileSync, readlinkSync, type Stats} from 'node:fs';
import {dirname, resolve} from 'node:path';
import process from 'node:process';

/** Opening a pipe without a writer would block the process forever. Windows has no such flag. */
// oxlint-disable-next-line no-unnecessary-condition
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The text of a regular file, without a byte order mark. @throws the system's error; EISDIR for a folder and ENOTFILE for others */
export const readTextFile = (path: string): string => withFile(path, (fd) => textOf(fd));

/** The bytes of a regular file. @throws as `readTextFile` */
export const readBytes = (path: string): Buffer => withFile(path, (fd) => readFileSync(fd));

/** Whether other users than the owner may read or write a file, and whether this process has changed that. */
export type Access = 'private' | 'shared' | 'restricted';

/**
 * As {@link readTextFile}, for a file with secrets.
 * @param hasSecrets whether this text has any. If so, other users may not read the file, else they may not change it. If they may,
 *    it is restricted to its owner, if that is this user
 */
export function readSecretFile(path: string, hasSecrets: (text: string) => boolean): {text: string; access: Access} {
  return withFile(path, (fd, stats) => {
    const text = textOf(fd);
    // Only systems with file owners have meaningful modes.
    const isPrivate = process.getuid === undefined || (stats.mode & (hasSecrets(text) ? 0o077 : 0o022)) === 0;
    return {text, access: isPrivate ? 'private' : restrict(fd, stats)};
  });
}

function restrict(fd: number, {uid, mode}: Stats): Access {
  if (uid !== process.getuid?.()) return 'shared';
  try {
    fchmodSync(fd, mode & 0o700);
    return 'restricted';
  } catch {
    return 'shared';
  }
}

/** The file that a path leads to through symbolic links, even if it does not exist. */
export function linkTarget(path: string): string {
  let target = path;
  // The limit of Linux.
  for (let links = 0; links < 40; links++) {
    try {
      target = resolve(dirname(target), readlinkSync(target));
    } catch {
      return target;
    }
  }
  return path;
}

/** @throws as `readTextFile`, but not if there is no file */
export function checkRegularFile(path: string): void {
  try {
    withFile(path, () => {});
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function withFile<T>(path: string, use: (fd: number, stats: Stats) => T): T {
  const fd = openSync(path, flags);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw notRegular(stats);
    return use(fd, stats);
  } finally {
    closeSync(fd);
  }
}

const notRegular = (stats: Stats) =>
  Object.assign(new Error('Not a regular file'), {code: stats.isDirectory() ? 'EISDIR' : 'ENOTFILE'});

const textOf = (fd: number): string => readFileSync(fd, 'utf8').replace(/^\uFEFF/, '');
