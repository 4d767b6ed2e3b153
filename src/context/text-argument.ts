import {PoeError} from '../core/errors.js';
import {readTextFile} from '../core/files/regular-file.js';

/**
 * The value of an option for a longer text: the text itself, or the content of the file after `@`. `\\@` is a literal `@`.
 * @param flag names the option in errors
 * @param options.hint what to do if the file cannot be read
 * @throws PoeError `file`, `usage` if the text is empty
 */
export async function readTextArgument(
  text: string,
  flag: string,
  {hint = 'For a text that begins with @, write \\@.'} = {},
): Promise<string> {
  const value = text.startsWith('@') ? await readFile(text.slice(1), hint) : text.replace(/^\\@/, '@');
  if (value.trim() !== '') return value;
  throw new PoeError('usage', `The text of ${flag} is empty`, {hint: 'Write the text, or @ and the path of a file.'});
}

async function readFile(path: string, hint: string): Promise<string> {
  try {
    return (await readTextFile(path)).replace(/\r?\n$/, '');
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new PoeError('file', isMissing ? `File not found: ${path}` : `Cannot read ${path}`, {
      hint: `Nothing was sent. ${hint}`,
      cause: error,
    });
  }
}
