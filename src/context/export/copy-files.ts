import {copyFileSync, existsSync, renameSync, rmSync} from 'node:fs';
import {basename, join, resolve} from 'node:path';
import {PoeError} from '../../core/errors.js';
import {parseUrl} from '../../core/http/url.js';
import {fileName} from '../../output/format/file-names.js';
import {makePrivateFolder} from '../../store/files/folder.js';

/** The files of messages in the archive. */
export interface StoredFiles {
  /** Their paths, whose last part is a hash of the content, and their names, by URL. */
  found: ReadonlyMap<string, {path: string; name: string | null}>;
  /** The URLs of those that are not there. */
  missing: readonly string[];
}

/**
 * Copies files to a folder next to exported chats.
 * @param parent the folder of the exported chats
 * @param name the folder in it, which is created if there are files
 * @returns their paths from the parent, as in a URL, by the URL of the file
 * @throws PoeError `file`
 */
export function copyFiles(parent: string, name: string, found: StoredFiles['found']): Map<string, string> {
  const folder = join(parent, name);
  return new Map(
    [...found].map(([url, {path, name: fileTitle}]) => {
      const file = `${basename(path).slice(0, 12)}-${fileName(fileTitle ?? lastPart(url))}`;
      attempt(folder, () => makePrivateFolder(resolve(folder)));
      attempt(join(folder, file), () => copyWhole(path, join(folder, file)));
      return [url, `${inUrl(name)}/${inUrl(file)}`];
    }),
  );
}

/** Also without parentheses, which would end a link in Markdown. */
const inUrl = (name: string): string =>
  encodeURIComponent(name).replaceAll(/[()]/g, (mark) => (mark === '(' ? '%28' : '%29'));

/** Copies a file that is not there yet. A copy that is interrupted does not look complete. */
function copyWhole(from: string, to: string): void {
  if (existsSync(to)) return;
  const part = `${to}.part`;
  try {
    copyFileSync(from, part);
    renameSync(part, to);
  } catch (error) {
    rmSync(part, {force: true});
    throw error;
  }
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
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = code === 'ENOSPC' ? ': no space left on the disk' : code && ` (${code})`;
    throw new PoeError('file', `Could not write ${path}${reason}`, {hint: 'Choose another folder.', cause: error});
  }
}
