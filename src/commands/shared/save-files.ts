import {existsSync, statSync} from 'node:fs';
import {basename, dirname, extname, join} from 'node:path';
import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import {filesIn, type ReplyFile} from '../../output/format/file-names.js';
import type {ReplyView} from '../../output/reply/reply-view.js';
import {isTaken} from './is-taken.js';

/** A file that was saved. */
export interface SavedFile extends ReplyFile {
  path: string;
  /** Bytes. */
  size: number;
}

interface Target {
  path: string;
  mayReplace: boolean;
}

/**
 * Prints nothing but the paths of a reply's files, after saving them to a file or a folder; or, with the path `-`, the content
 * of its only file.
 * @throws PoeError `file`, `usage` if the path cannot be used: before anything is sent
 */
export function filesView(context: Context, target: Target): ReplyView {
  checkTarget(context, target);
  return {
    start() {},
    event() {},
    async done(reply) {
      const files = filesIn(reply);
      if (files.length === 0) throw withoutFiles(context, reply.text);
      if (target.path === '-') return writeToStdout(context, files);
      const saved: SavedFile[] = [];
      if (isFolder(target.path)) await saving(context, () => createFolder(target.path));
      for (const [index, file] of files.entries()) {
        const path = pathOf(file, index, target, new Set(saved.map((each) => each.path)));
        const options = {mayReplace: target.mayReplace, signal: context.signal};
        const size = await saving(context, () => context.saveFile(file.url, path, options));
        saved.push({...file, path, size});
      }
      context.output.result({...reply, saved}, () => saved.map(({path}) => path).join('\n'));
    },
    failed() {},
  };
}

function checkTarget({io, output}: Context, {path, mayReplace}: Target): void {
  if (path === '-') {
    if (output.isJson) throw new PoeError('usage', '-o - and --json cannot be combined', {hint: 'Name a file.'});
    if (!io.stdout.isTTY) return;
    throw new PoeError('usage', 'A file cannot be written to a terminal', {hint: 'Name a file, or use a pipe.'});
  }
  if (!isFolder(path) && isTaken(path) && !mayReplace) {
    throw new PoeError('file', `${path} already exists`, {hint: 'Nothing was sent. Add --force to replace it.'});
  }
  const folder = dirname(path);
  if (existsSync(folder)) return;
  throw new PoeError('file', `No folder ${folder}`, {hint: 'Nothing was sent. Create it first.'});
}

async function createFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  const {mkdir} = await import('node:fs/promises');
  await mkdir(path).catch((error: unknown) => {
    throw new PoeError('file', `Could not create the folder ${path}`, {cause: error});
  });
}

const isFolder = (path: string): boolean => /[/\\]$/.test(path) || (existsSync(path) && statSync(path).isDirectory());

/** A path that is not taken. A second file gets a number. */
function pathOf({name}: ReplyFile, index: number, {path, mayReplace}: Target, used: ReadonlySet<string>): string {
  const wanted = isFolder(path) ? join(path, name) : index === 0 ? path : numbered(path, index + 1);
  const isFree = (candidate: string) => !used.has(candidate) && (mayReplace || !isTaken(candidate));
  if (isFree(wanted)) return wanted;
  for (let count = 2; ; count++) if (isFree(numbered(wanted, count))) return numbered(wanted, count);
}

function numbered(path: string, count: number): string {
  const extension = extname(path);
  return join(dirname(path), `${basename(path, extension)}-${count}${extension}`);
}

async function writeToStdout(context: Context, files: readonly ReplyFile[]): Promise<void> {
  const [file] = files;
  if (!file || files.length > 1) {
    throw new PoeError('no_file', `The reply has ${files.length} files, and only one can be written to stdout`, {
      hint: retryHint(context),
    });
  }
  await saving(context, () => context.printFile(file.url));
}

/** @throws PoeError with the next step: the reply has been paid for */
async function saving<T>(context: Context, save: () => Promise<T>): Promise<T> {
  try {
    return await save();
  } catch (error) {
    if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
    throw error.with({hint: retryHint(context)});
  }
}

const retryHint = ({keepsChats}: Context): string =>
  keepsChats
    ? 'The reply is stored in its chat. Try again with: poe save last'
    : 'Each --sandbox command starts without chats. To keep them, run: poe sandbox';

function withoutFiles({output, keepsChats}: Context, text: string): PoeError {
  if (!output.isJson) output.note(text);
  return new PoeError('no_file', 'The reply has no files', {
    hint: `Its text is above${keepsChats ? ', and stored in the chat' : ''}.`,
  });
}
