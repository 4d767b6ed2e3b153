import {homedir} from 'node:os';
import {isAbsolute, relative, resolve, sep} from 'node:path';
import process from 'node:process';
import {asWord} from '../../attachments/mention.js';
import {typedAt} from '../../prompt/marks.js';
import type {MenuEntry} from '../entry.js';
import type {Source} from '../source.js';
import {type ListedPath, listFiles} from './list-files.js';

interface FileSourceOptions {
  /** What the user has typed of the path. */
  query: string;
  /** Whether an `@` precedes the path. */
  hasAt: boolean;
}

/** The part of a path that names a folder outside of the working directory, such as `~/` or `../a/`; '' if there is none. */
export const outsideFolder = (query: string): string =>
  /^(?:~|\.{1,2}|[A-Za-z]:)?[/\\]/.test(query) ? (/^.*[/\\]/s.exec(query)?.[0] ?? '') : '';

/** The files in the working directory, or in the folder that was typed. The home folder is never listed recursively. */
export function fileSource({query, hasAt}: FileSourceOptions): Source {
  const base = outsideFolder(query);
  const entry = (folder: string) => (listed: ListedPath) => toEntry(folder + listed.path, listed.isFolder, hasAt);
  if (base !== '') {
    return {
      async *load(signal) {
        for await (const paths of listFiles(localFolder(base), {signal, isRecursive: false}))
          yield paths.map(entry(base));
      },
    };
  }
  return {
    async *load(signal) {
      const root = process.cwd();
      const isRecursive = !(await containsHome(root));
      for await (const paths of listFiles(root, {signal, isRecursive})) yield paths.map(entry(''));
    },
    search: {
      delayMs: 0,
      // A folder that is not listed above: it is hidden, too deep, or in node_modules.
      async run(typed, signal) {
        const folder = /^.*\//s.exec(typed)?.[0];
        if (folder === undefined) return [];
        let found: readonly ListedPath[] = [];
        for await (const paths of listFiles(resolve(folder), {signal, isRecursive: false})) found = paths;
        return found.map(entry(folder)).filter(({label}) => label.startsWith(typed));
      },
    },
  };
}

function toEntry(path: string, isFolder: boolean, hasAt: boolean): MenuEntry {
  const word = asWord(path);
  // After a folder, the menu goes on with what is in it.
  return {value: `${hasAt ? typedAt : ''}${word}${isFolder ? '' : ' '}`, label: path, detail: ''};
}

const localFolder = (folder: string): string => folder.replace(/^~(?=[/\\])/, () => homedir());

/** Whether the home folder is this one or inside of it. */
async function containsHome(folder: string): Promise<boolean> {
  const {realpath} = await import('node:fs/promises');
  const [real, home] = await Promise.all([folder, homedir()].map((path) => realpath(path).catch(() => path)));
  const path = relative(real ?? folder, home ?? homedir());
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}
