import {lstatSync} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {basename, extname, join} from 'node:path';
import {PoeError} from '../../core/errors.js';
import type {ReplyResult} from '../../core/reply.js';
import {filesIn} from '../../output/format/file-names.js';
import type {McpHost} from '../host.js';

export interface SavedFile {
  path: string;
  /** Bytes. */
  size: number;
}

/** More than this is not saved: a bot decides how many files it makes. */
const maxFiles = 20;

/**
 * Saves the files of a reply in a folder, under names that are free.
 * @throws PoeError `no_file`, `file`: the reply has been paid for
 */
export async function saveReplyFiles(
  host: Pick<McpHost, 'saveFile'>,
  reply: ReplyResult,
  {folder, signal}: {folder: string; signal: AbortSignal},
): Promise<SavedFile[]> {
  const files = filesIn(reply).slice(0, maxFiles);
  if (files.length === 0) throw new PoeError('no_file', 'The bot has made no file');
  await mkdir(folder, {recursive: true}).catch((error: unknown) => {
    throw new PoeError('file', `Could not create the folder ${folder}`, {cause: error});
  });
  const saved: SavedFile[] = [];
  for (const {name, url} of files) {
    const path = freePath(join(folder, name));
    const size = await host.saveFile(url, path, {mayReplace: false, signal});
    saved.push({path, size});
  }
  return saved;
}

/** The path, or the first one with a number that is free. */
function freePath(path: string): string {
  const extension = extname(path);
  const stem = join(path, '..', basename(path, extension));
  let free = path;
  for (let count = 2; lstatSync(free, {throwIfNoEntry: false}) !== undefined; count++)
    free = `${stem}-${count}${extension}`;
  return free;
}
