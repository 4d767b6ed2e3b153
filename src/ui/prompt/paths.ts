import {existsSync, readdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {fileURLToPath} from 'node:url';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import {splitWords} from '../slash-commands/parse.js';

const most = 50;

/** The existing files that a message names as `@path`. Blanks in a path are escaped with a backslash. */
export const namedFiles = (text: string): string[] =>
  [...text.matchAll(/(?:^|\s)@((?:\\.|[^\s\\])+)/g)]
    .map(([, path = '']) => path.replaceAll(/\\(.)/g, '$1'))
    .filter((path) => existsSync(path));

/** The file whose path is the whole text, as terminals paste it when a file is dragged onto them. */
export function draggedFile(text: string): string | undefined {
  const [word, ...more] = splitWords(text.trim());
  if (word === undefined || more.length > 0) return undefined;
  const path = word.startsWith('file://') && URL.canParse(word) ? fileURLToPath(word) : word;
  return path.startsWith('/') && existsSync(path) ? path : undefined;
}

/** Escapes a path so that it is one word. */
export const asWord = (path: string): string => path.replaceAll(/[\s\\'"]/g, String.raw`\$&`);

/** Completes a path; folders end in a slash. Names with invisible characters are left out. */
export function pathsFrom(word: string): string[] {
  const plain = word.replaceAll(/\\(.)/g, '$1');
  const [, folder = '', start = ''] = /^(.*\/)?([^/]*)$/s.exec(plain) ?? [];
  try {
    return readdirSync(folder.replace(/^~\//, `${homedir()}/`) || '.', {withFileTypes: true})
      .filter(
        ({name}) => name.startsWith(start) && (start !== '' || !name.startsWith('.')) && sanitizeLine(name) === name,
      )
      .slice(0, most)
      .map(
        (entry) => asWord(`${folder.replace(/^~\//, `${homedir()}/`)}${entry.name}`) + (entry.isDirectory() ? '/' : ''),
      )
      .toSorted();
  } catch {
    return [];
  }
}
