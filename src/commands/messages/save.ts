import {existsSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {isUserMessage} from '../../core/message.js';
import {filesIn, type ReplyFile} from '../../output/format/file-names.js';
import {readChat} from '../chats/history-show.js';
import {isTaken} from '../shared/is-taken.js';
import {confirm} from '../shared/ask-user.js';

export const save = (context: Context) =>
  new Command('save')
    .summary('Save the files of a reply')
    .description(
      'Save the files and images of the newest reply that has any. Asks before it replaces an existing file.',
    )
    .argument('<chat>', 'Chat ID, code, URL, or "last"')
    .argument('[number]', 'Number of the file, starting at 1 (default: all files)')
    .argument('[path]', 'File or folder to save to (default: the current folder)')
    .option('-y, --yes', 'Replace existing files without asking')
    .action(async (name: string, number?: string, path?: string, {yes = false}: {yes?: boolean} = {}) => {
      const {messages} = await readChat(context, name, 20);
      const files = messages.filter((message) => !isUserMessage(message)).map(filesIn);
      const chosen = choose(files.findLast(({length}) => length > 0) ?? [], number);
      const saved = [];
      for (const file of chosen) saved.push(await saveOne(context, file, targetPath(file, path, chosen.length), yes));
      context.output.result({saved}, ({saved}) => saved.map(({path}) => `Saved ${path}`).join('\n'));
    });

function choose(files: readonly ReplyFile[], number: string | undefined): ReplyFile[] {
  if (files.length === 0) throw new PoeError('message_not_found', 'No reply in this chat has files');
  if (number === undefined) return [...files];
  const file = files[Number(number) - 1];
  if (file) return [file];
  throw new PoeError('usage', `The reply has no file ${JSON.stringify(number)}`, {
    hint: `It has: ${files.map(({name}, index) => `${index + 1} ${name}`).join(', ')}`,
  });
}

function targetPath({name}: ReplyFile, path: string | undefined, count: number): string {
  if (path === undefined) return name;
  const isFolder = existsSync(path) && statSync(path).isDirectory();
  if (count > 1 && !isFolder) throw new PoeError('usage', `${path} is not a folder`);
  return isFolder ? join(path, name) : path;
}

async function saveOne(context: Context, {name, url}: ReplyFile, path: string, yes: boolean) {
  const exists = isTaken(path);
  if (exists && !yes) {
    const refusal = new PoeError('file', `${path} already exists`, {hint: 'Choose another name, or add --yes.'});
    await confirm(`${path} already exists. Replace it?`, context, refusal);
  }
  const size = await context.saveFile(url, path, {mayReplace: exists, signal: context.signal});
  return {name, url, path, size};
}
