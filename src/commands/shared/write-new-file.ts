import {open, rm} from 'node:fs/promises';
import {PoeError} from '../../core/errors.js';

/** Writes a file where nothing is, whole or not at all. @throws PoeError `file` */
export async function writeNewFile(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx').catch((error: unknown) => {
    throw unwritten(path, error);
  });
  try {
    await file.writeFile(text);
  } catch (error) {
    await rm(path, {force: true});
    throw unwritten(path, error);
  } finally {
    await file.close();
  }
}

function unwritten(path: string, error: unknown): PoeError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why = code === 'EEXIST' ? 'is there already' : `could not be written (${code})`;
  return new PoeError('file', `${path} ${why}`, {hint: 'Choose another file.', cause: error});
}
