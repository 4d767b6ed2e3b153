import {dirname, join} from 'node:path';
import {checkRegularFile} from '../store/files/read-file.js';
import type {Context} from './context.js';

/**
 * The file with the input typed in the chats of a profile; undefined in the sandbox, or if it is not a regular file.
 */
export async function promptHistoryPath(context: Context): Promise<string | undefined> {
  const {path: settings} = await context.store();
  if (settings === 'memory') return undefined;
  const suffix = context.profile === 'default' ? '' : `-${context.profile.replaceAll(/[^\w.-]/g, '_')}`;
  const path = join(dirname(settings), `history${suffix}.jsonl`);
  try {
    checkRegularFile(path);
    return path;
  } catch {
    return undefined;
  }
}
