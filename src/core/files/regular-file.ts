import {constants} from 'node:fs';
import {type FileHandle, open} from 'node:fs/promises';
import {nonBlocking} from './non-blocking.js';

/** Identifies the content of a file at one time. */
export interface FileVersion {
  device: bigint;
  inode: bigint;
  /** Bytes. */
  size: bigint;
  /** Nanoseconds since 1970. */
  modified: bigint;
}

/**
 * Opens a regular file without blocking, by default for reading.
 * @param flags besides those that prevent blocking
 * @throws the system's error; one with the code ENOTFILE if it is not a regular file
 */
export async function openRegularFile(path: string, flags = constants.O_RDONLY, mode?: number): Promise<FileHandle> {
  const file = await open(path, flags | nonBlocking, mode);
  try {
    if ((await file.stat()).isFile()) return file;
    throw Object.assign(new Error('Not a regular file'), {code: 'ENOTFILE'});
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The text of a regular file, without a byte order mark. @throws as `openRegularFile` */
export async function readTextFile(path: string): Promise<string> {
  const file = await openRegularFile(path);
  try {
    return (await file.readFile('utf8')).replace(/^\uFEFF/, '');
  } finally {
    await file.close();
  }
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
