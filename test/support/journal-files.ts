import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';

/* Reads the journal, which stores messages whose reply is not complete. */

/** The files of the journal, of all profiles. */
export function journalIn(configDir: string): {path: string; text: string}[] {
  const folder = join(configDir, 'journal');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, {withFileTypes: true, recursive: true}).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isFile() ? {path, text: readFileSync(path, 'utf8')} : [];
  });
}

/** The message of a file with its reply so far. */
export function messageIn(file: {text: string} | undefined) {
  const [first = '', ...added] = (file?.text ?? '').trim().split('\n');
  const {reply, ...message} = JSON.parse(first);
  return {...message, reply: {...reply, text: reply?.text + added.map((line) => JSON.parse(line)).join('')}};
}

/** Whether a reply in the journal contains this text. */
export const hasStored = (configDir: string, part: string): boolean =>
  journalIn(configDir).some((file) => file.path.endsWith('.jsonl') && messageIn(file).reply.text.includes(part));
