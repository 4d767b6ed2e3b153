import type {Dirent} from 'node:fs';
import {join} from 'node:path';
import {sanitizeLine} from '../../../output/terminal/sanitize.js';

export interface ListedPath {
  /** Relative to the listed folder, with slashes; that of a folder ends in one. */
  path: string;
  isFolder: boolean;
}

interface ListOptions {
  signal: AbortSignal;
  /** Whether to list the folders in it, too. */
  isRecursive: boolean;
  maxPaths?: number;
  /** After this time, what was found is all. */
  maxMs?: number;
  /** The time is longer until so many are found: on a slow machine, small folders are listed completely, too. */
  minPaths?: number;
}

/** For fewer paths than `minPaths`. */
const longestMs = 10_000;
/** How often the files found so far are shown. */
const yieldMs = 250;

/** Folders with many files that no one attaches. */
const skipped: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn']);

/**
 * Lists a folder, and then the folders in it, those that are nearer first. Hidden folders and symbolic links to folders are not
 * entered. Names with invisible characters are left out. Yields what was found so far after the first folder and then now and
 * again, and everything at the end. A folder that cannot be read is empty.
 */
export async function* listFiles(
  root: string,
  {signal, isRecursive, maxPaths = 10_000, maxMs = 1000, minPaths = 500}: ListOptions,
): AsyncGenerator<readonly ListedPath[], void, undefined> {
  const paths: ListedPath[] = [];
  const folders = [''];
  const startedAt = performance.now();
  let yieldsAt = 0;
  const isOver = () => {
    const limitMs = paths.length < minPaths ? longestMs : maxMs;
    return signal.aborted || paths.length >= maxPaths || performance.now() - startedAt > limitMs;
  };
  for (const folder of folders) {
    for await (const entry of entriesOf(join(root, folder))) {
      if (isOver()) break;
      if (sanitizeLine(entry.name) !== entry.name) continue;
      const isFolder = entry.isDirectory();
      const path = `${folder}${entry.name}${isFolder ? '/' : ''}`;
      paths.push({path, isFolder});
      if (isFolder && !entry.name.startsWith('.') && !skipped.has(entry.name)) folders.push(path);
    }
    if (!isRecursive || isOver()) break;
    if (performance.now() < yieldsAt) continue;
    yield sorted(paths);
    yieldsAt = performance.now() + yieldMs;
  }
  if (!signal.aborted) yield sorted(paths);
}

/** The entries of a folder; none if it cannot be read. */
async function* entriesOf(folder: string): AsyncGenerator<Dirent, void, undefined> {
  try {
    const {opendir} = await import('node:fs/promises');
    yield* await opendir(folder, {bufferSize: 256});
  } catch {
    // Permission denied, or deleted meanwhile.
  }
}

/** Nearer files first, then by name; hidden ones last. */
const sorted = (paths: readonly ListedPath[]): ListedPath[] =>
  paths
    .map((listed) => ({listed, depth: listed.path.split('/').length - (listed.isFolder ? 1 : 0)}))
    .toSorted(
      (a, b) =>
        Number(isHidden(a.listed)) - Number(isHidden(b.listed)) ||
        a.depth - b.depth ||
        (a.listed.path < b.listed.path ? -1 : 1),
    )
    .map(({listed}) => listed);

const isHidden = ({path}: ListedPath): boolean => /(?:^|\/)\./.test(path);
