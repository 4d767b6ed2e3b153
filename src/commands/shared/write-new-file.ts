import {PoeError} from '../../core/errors.js';

/** Creates a file, completely or not at all. @throws PoeError `file`, also if the file exists */
export async function writeNewFile(path: string, text: string): Promise<void> {
  // Few commands write files.
  const {open, rm} = await import('node:fs/promises');
  const file = await open(path, 'wx').catch((error: unknown) => {
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

function writeError(path: string, error: unknown): PoeError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = code === 'EEXIST' ? `${path} already exists` : `Could not write ${path} (${code})`;
  return new PoeError('file', message, {hint: 'Choose another file.', cause: error});
}
