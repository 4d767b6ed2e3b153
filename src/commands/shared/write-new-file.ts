import {dirname} from 'node:path';
import {PoeError} from '../../core/errors.js';

/**
 * Creates a file, completely or not at all.
 * @param options.mode default: as the system has it for new files
 * @throws PoeError `file`, also if the file exists
 */
export async function writeNewFile(path: string, text: string, {mode}: {mode?: number} = {}): Promise<void> {
  // Few commands write files.
  const {open, rm} = await import('node:fs/promises');
  const file = await open(path, 'wx', mode).catch((error: unknown) => {
    throw writeError(path, error);
  });
  try {
    await file.writeFile(text);
  } catch (error) {
    await rm(path, {force: true});
    throw writeError(path, error);
  } finally {
    await file.close();
  }
}

/** For commands that take long before they write. @throws PoeError `file` if the file exists, or its folder does not */
export async function requireNew(path: string): Promise<void> {
  const {lstat, stat} = await import('node:fs/promises');
  if (await lstat(path).catch(() => undefined)) throw existsError(path);
  const folder = dirname(path);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new PoeError('file', `Could not write ${path}: its folder does not exist`, {hint: 'Choose another file.'});
  }
}

const existsError = (path: string, cause?: unknown): PoeError =>
  new PoeError('file', `${path} already exists`, {hint: 'Choose another file.', cause});

function writeError(path: string, error: unknown): PoeError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'EEXIST') return existsError(path, error);
  return new PoeError('file', `Could not write ${path} (${code})`, {hint: 'Choose another file.', cause: error});
}
