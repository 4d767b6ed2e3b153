import {accessSync, constants, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {basename} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {PromptText} from '../prompt/prompt-text.js';
import {mentionsIn} from './mention.js';

/** A file or URL to send with a message. */
export interface Attachment {
  /** A path or a URL. */
  source: string;
  name: string;
  /** In bytes; undefined for a URL. */
  size: number | undefined;
}

/** A file that a message names as `@path`. */
export interface MentionedFile extends Attachment {
  /** Which of the typed `@`s of the message names it. */
  index: number;
}

/** A path that cannot be sent. */
export interface Unsendable {
  path: string;
  problem: 'not found' | 'folder' | 'permission denied' | 'not a regular file';
}

/** Looks up the files that a message names as `@path`. */
export function lookUpMentions(message: PromptText): {files: MentionedFile[]; unsendable: Unsendable[]} {
  const files: MentionedFile[] = [];
  const unsendable: Unsendable[] = [];
  for (const {index, paths} of mentionsIn(message)) {
    const found = lookUp(paths);
    if ('problem' in found) unsendable.push(found);
    else files.push({...found, index});
  }
  return {files, unsendable};
}

/** The first of some paths that can be sent. Otherwise the first that exists, or the last one, which has no punctuation. */
export function lookUp(paths: readonly string[]): Attachment | Unsendable {
  const results = paths.map(examine);
  return (
    results.find((each): each is Attachment => !('problem' in each)) ??
    results.find((each) => 'problem' in each && each.problem !== 'not found') ??
    results.at(-1) ?? {path: '', problem: 'not found'}
  );
}

function examine(path: string): Attachment | Unsendable {
  if (/^https?:\/\/\S/i.test(path)) return {source: path, name: path, size: undefined};
  try {
    const source = localPath(path);
    const stats = statSync(source);
    if (stats.isDirectory()) return {path, problem: 'folder'};
    if (!stats.isFile()) return {path, problem: 'not a regular file'};
    accessSync(source, constants.R_OK);
    return {source, name: basename(source), size: stats.size};
  } catch (error) {
    const isDenied = error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
    return {path, problem: isDenied ? 'permission denied' : 'not found'};
  }
}

function localPath(path: string): string {
  if (path.startsWith('file://') && URL.canParse(path)) return fileURLToPath(path);
  return path.replace(/^~(?=$|[/\\])/, () => homedir());
}
