import {constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {fileError, readError} from './file-error.js';

/** Identifies the content of a file at one time. */
export interface FileVersion {
  device: bigint;
  inode: bigint;
  /** Bytes. */
  size: bigint;
  /** Nanoseconds since 1970. */
  modified: bigint;
}

/** Opening a pipe that nobody writes to would block forever, and with it the end of the process. Windows has no such flag. */
// oxlint-disable-next-line no-unnecessary-condition
export const readWithoutBlocking = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a regular file for reading, without blocking.
 * @param source the name of the file in error messages
 * @throws PoeError `file`
 */
export async function openRegularFile(path: string, source: string): Promise<FileHandle> {
  const file = await open(path, readWithoutBlocking).catch((error: unknown) => {
    throw readError(source, error);
  });
  const isFile = await file.stat().then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (isFile) return file;
  await file.close();
  throw fileError(`Not a regular file: ${source}`);
}

/** @throws the system's error */
export async function fileVersion(file: FileHandle): Promise<FileVersion> {
  const {dev, ino, size, mtimeNs} = await file.stat({bigint: true});
  return {device: dev, inode: ino, size, modified: mtimeNs};
}

export const isSameVersion = (one: FileVersion, other: FileVersion): boolean =>
  one.device === other.device &&
  one.inode === other.inode &&
  one.size === other.size &&
  one.modified === other.modified;
