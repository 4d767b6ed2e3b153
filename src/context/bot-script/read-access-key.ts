import {readFileSync} from 'node:fs';
import {PoeError} from '../../core/errors.js';
import {reasonOf} from '../../store/files/errors.js';

/**
 * The access key of a bot: from a file, or the environment.
 * @throws PoeError `file`, `usage`
 */
export function readAccessKey(file: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  const key = (file === undefined ? env.POE_ACCESS_KEY : readKeyFile(file))?.trim();
  if (key) return key;
  throw new PoeError('usage', file === undefined ? 'POE_ACCESS_KEY is not set' : `${file} is empty`, {
    hint: 'The access key is on the page of your bot on poe.com. To test on this machine, use --no-key.',
  });
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new PoeError('file', `Cannot read ${file}: ${reasonOf(error)}`, {cause: error});
  }
}
