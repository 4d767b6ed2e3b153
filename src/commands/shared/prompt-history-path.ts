import {dirname, join} from 'node:path';
import type {Context} from '../../context/context.js';

/** The file with what was typed in the chats of a profile; undefined in the sandbox. */
export async function promptHistoryPath(context: Context): Promise<string | undefined> {
  const {path} = await context.store();
  if (path === 'memory') return undefined;
  const suffix = context.profile === 'default' ? '' : `-${context.profile.replaceAll(/[^\w.-]/g, '_')}`;
  return join(dirname(path), `history${suffix}.jsonl`);
}
