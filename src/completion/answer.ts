import {readFileSync} from 'node:fs';
import {cachedWords} from './cached-words.js';
import {complete} from './complete.js';
import {readers} from './shells.js';
import type {CommandTree} from './tree.js';

/*
 * Answers the Tab key: bin/poe.js calls this for `poe completion --complete …`. It is built as a file of its own,
 * dist/complete.cjs, because every millisecond counts.
 */

/**
 * @param args what follows `--complete`
 * @param treePath path of the tree that the build wrote
 * @returns the text to print; undefined if the arguments name no shell
 */
export function answer(
  [name = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  treePath: string,
): string | undefined {
  const read = readers.get(name);
  if (!read) return undefined;
  const {before, current, print} = read(args, env);
  const tree: CommandTree = JSON.parse(readFileSync(treePath, 'utf8'));
  return print(complete(tree, before, current, (kind, profile) => cachedWords(kind, env, profile)));
}
