import {copyFileSync, existsSync, renameSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {PoeError} from '../core/errors.js';
import {parseUrl} from '../core/http/url.js';
import {fileName} from '../output/format/file-names.js';
import {makePrivateFolder} from '../store/files/folder.js';

/** The files of messages in the archive. */
export interface StoredFiles {
  /** Their paths, whose last part is a hash of the content, and their names, by URL. */
  found: ReadonlyMap<string, {path: string; name: string | null}>;
  /** The URLs of those that are not there. */
  missing: readonly string[];
}

const folderName = 'files';

/** Copies files next to exported chats. @returns their paths in the folder, as in a URL, by the URL of the file @throws PoeError `file` */
export function copyFiles(folder: string, found: StoredFiles['found']): Map<string, string> {
  const target = join(folder, folderName);
  return new Map(
    [...found].map(([url, {path, name}]) => {
      const file = `${basename(path).slice(0, 12)}-${fileName(name ?? lastPart(url))}`;
      attempt(target, () => makePrivateFolder(resolve(target)));
      attempt(join(target, file), () => copyWhole(path, join(target, file)));
      return [url, `${folderName}/${encodeURIComponent(file)}`];
    }),
  );
}

/** Copies a file that is not there yet. A copy that is interrupted does not look complete. */
function copyWhole(from: string, to: string): void {
  if (existsSync(to)) return;
  copyFileSync(from, `${to}.part`);
  renameSync(`${to}.part`, to);
}

function lastPart(url: string): string {
  const [last = ''] = (parseUrl(url)?.pathname ?? '').split('/').slice(-1);
  return last || 'file';
}

/** @throws PoeError `file` */
export function attempt<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new PoeError('file', `Could not write ${path}${code}`, {hint: 'Choose another folder.', cause: error});
  }
}
