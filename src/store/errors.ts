import {PoeError} from '../core/errors.js';

/** Whether this is the system's error of that code. */
export const isSystemError = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Does something with the file. What the system says against it comes out in words. @throws PoeError `store` */
export function attempt<T>(path: string, what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, path, what);
  }
}

/** @param what what could not be done, as in “the file could not be *written*” */
export function toStoreError(error: unknown, path: string, what: string): PoeError {
  if (error instanceof PoeError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return new PoeError(
    'store',
    `${path} could not be ${what}: ${reasons[code] ?? 'the system refused'}${code && ` (${code})`}`,
    {
      hint: 'Give it a folder of its own that can be written: POE_CONFIG_DIR=<folder>',
      // Only the system's errors: a parser's would quote the file.
      cause: code ? error : undefined,
    },
  );
}

const reasons: Record<string, string> = {
  EACCES: 'permission is missing',
  EPERM: 'permission is missing',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EFBIG: 'the limit on the size of files is reached',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a file stands where a folder is due',
  ENOENT: 'its folder cannot be made',
  EEXIST: 'a file stands where a folder is due',
  EISDIR: 'a folder stands where a file is due',
};
