import {constants} from 'node:fs';
import {open, realpath, stat} from 'node:fs/promises';
import {basename, isAbsolute, relative, resolve, sep} from 'node:path';
import {PoeError} from '../../core/errors.js';
import type {McpLimits} from '../host.js';

/** A file that may be sent. */
export interface AllowedFile {
  name: string;
  /** Reads it. @throws PoeError `file` if it is no longer the same file */
  open(): AsyncGenerator<Uint8Array, void, undefined>;
}

/**
 * Checks that the user has allowed to send files. A model may be tricked into sending others.
 * @param paths relative ones start at the first folder; symbolic links cannot lead out of the folders
 * @throws PoeError `file`
 */
export async function allowedFiles(
  paths: readonly string[],
  {fileFolders, privateFolders}: Pick<McpLimits, 'fileFolders' | 'privateFolders'>,
): Promise<AllowedFile[]> {
  if (paths.length === 0) return [];
  const [first] = fileFolders;
  if (first === undefined) {
    throw notAllowed(
      'The user has not allowed to send files',
      'The user can allow a folder with: poe mcp --files <folder>',
    );
  }
  const [roots, excluded] = await Promise.all([realPaths(fileFolders), realPaths(privateFolders)]);
  const isAllowed = (path: string) =>
    roots.some((root) => isVisibleIn(path, root)) && !excluded.some((folder) => isIn(path, folder));
  return Promise.all(paths.map((path) => allowedFile(path, resolve(first, path), isAllowed)));
}

/** Folders that do not exist are left out. */
async function realPaths(folders: readonly string[]): Promise<string[]> {
  const paths = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  return paths.filter((path) => path !== undefined);
}

async function allowedFile(shown: string, path: string, isAllowed: (path: string) => boolean): Promise<AllowedFile> {
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(shown)) throw notAllowed('Only files on this machine can be sent', 'Pass a path.');
  const real = await realpath(path).catch(() => undefined);
  // The same answer for both cases: whether a file exists outside of the folders is nobody's business.
  if (real === undefined || !isAllowed(real)) {
    throw notAllowed(
      `No file ${JSON.stringify(shown)} in the allowed folders`,
      'Hidden files and files in hidden folders are not sent.',
    );
  }
  const {dev, ino, isFile} = await fileAt(real);
  if (!isFile) throw notAllowed(`${JSON.stringify(shown)} is not a file`);
  return {name: basename(real), open: () => read(real, {dev, ino}, shown)};
}

/** Whether a path is below a folder, and neither it nor a folder on the way is hidden. */
const isVisibleIn = (path: string, root: string): boolean =>
  isIn(path, root) &&
  !relative(root, path)
    .split(sep)
    .some((part) => part.startsWith('.'));

function isIn(path: string, folder: string): boolean {
  const below = relative(folder, path);
  return below !== '' && !isAbsolute(below) && below !== '..' && !below.startsWith(`..${sep}`);
}

async function fileAt(path: string): Promise<{dev: number; ino: number; isFile: boolean}> {
  const stats = await stat(path);
  return {dev: stats.dev, ino: stats.ino, isFile: stats.isFile()};
}

async function* read(
  path: string,
  {dev, ino}: {dev: number; ino: number},
  shown: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  // Neither a link that was put in its place nor a pipe is followed.
  // oxlint-disable-next-line no-unnecessary-condition
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const file = await open(path, flags).catch((error: unknown) => {
    throw new PoeError('file', `Cannot read ${JSON.stringify(shown)}`, {cause: error});
  });
  try {
    const stats = await file.stat();
    if (stats.dev !== dev || stats.ino !== ino) throw notAllowed(`${JSON.stringify(shown)} has been replaced`);
    yield* file.createReadStream({autoClose: false});
  } finally {
    await file.close();
  }
}

const notAllowed = (message: string, hint?: string) =>
  new PoeError('file', message, {hint: ['Nothing was sent.', hint].filter(Boolean).join(' ')});
