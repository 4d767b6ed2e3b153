import {PoeError} from '../errors.js';

/** The error of a file that cannot be sent. */
export const fileError = (message: string, cause?: unknown) =>
  new PoeError('file', message, {hint: 'Nothing was sent.', remedy: 'check_files', cause});

/** The error of the system for a file that cannot be read. @param source the name of the file in the message */
export function readError(source: string, error: unknown): PoeError {
  if (error instanceof PoeError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return fileError(`${readErrors[code] ?? `Could not read the file${code && ` (${code})`}`}: ${source}`, error);
}

const readErrors: Readonly<Record<string, string>> = {
  ENOENT: 'File not found',
  ENOTDIR: 'File not found',
  EACCES: 'Permission denied',
  EPERM: 'Permission denied',
  ENXIO: 'Not a regular file',
  ENOTFILE: 'Not a regular file',
};
