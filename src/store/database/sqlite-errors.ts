import {PoeError} from '../../core/errors.js';

/** Whether SQLite found that a file is not a database, or is damaged. */
export const isDamaged = (error: unknown): boolean => /^SQLITE_(?:CORRUPT|NOTADB)/.test(codeOf(error));

const isBusy = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_BUSY');

/** The error as a PoeError `store`; a PoeError stays as it is. */
export function toDatabaseError(error: unknown, path: string): PoeError {
  if (error instanceof PoeError) return error;
  const code = codeOf(error);
  if (isBusy(error)) {
    return new PoeError('store', `Could not use ${path}: another process is using it`, {
      hint: 'Try again.',
      cause: error,
    });
  }
  if (isDamaged(error)) {
    return new PoeError('store', `${path} is damaged`, {
      hint: 'Run the command again: the file is then renamed, and a new one is created.',
      cause: error,
    });
  }
  const reason = reasons[code.replace(/^(SQLITE_[A-Z]+)_.*/, '$1')] ?? (code || 'it cannot be opened');
  return new PoeError('store', `Could not use ${path}: ${reason}`, {remedy: 'choose_config_folder', cause: error});
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const reasons: Record<string, string> = {
  SQLITE_CANTOPEN: 'it cannot be opened',
  SQLITE_READONLY: 'it cannot be written',
  SQLITE_PERM: 'permission denied',
  SQLITE_FULL: 'no space left on the disk',
  SQLITE_IOERR: 'reading or writing failed',
};
