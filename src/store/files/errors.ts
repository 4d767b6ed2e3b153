import {PoeError} from '../../core/errors.js';
import {openFilesLimit} from '../../core/open-files.js';

/** Whether an error of the system has this code. */
export const isSystemError = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/**
 * Does something to a file.
 * @param action such as `write`; it completes "Could not … <path>"
 * @throws PoeError `store` if the system refuses
 */
export function attempt<T>(action: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw toStoreError(error, action, path);
  }
}

/** The error as a PoeError `store`; a PoeError stays as it is. @param action as for {@link attempt} */
export function toStoreError(error: unknown, action: string, path: string): PoeError {
  if (error instanceof PoeError) return error;
  const limit = openFilesLimit(error);
  return new PoeError('store', `Could not ${action} ${path}: ${reasonOf(error)}`, {
    ...(limit ? {hint: limit.hint} : {remedy: 'choose_config_folder' as const}),
    // Only errors of the system: those of a parser would quote the file.
    cause: codeOf(error) === undefined ? undefined : error,
  });
}

/** Why the system refused, in lower case. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  return code === undefined ? 'unknown error' : (openFilesLimit(error)?.reason ?? reasons[code] ?? code);
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left on the disk',
  EFBIG: 'file size limit exceeded',
  EDQUOT: 'disk quota exceeded',
  ENOTDIR: 'a parent folder is a file',
  EEXIST: 'its folder is a file',
  ENOENT: 'its folder cannot be created',
  EISDIR: 'it is a folder',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  ENOTFILE: 'it is not a regular file',
};
