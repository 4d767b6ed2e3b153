import {accessSync, constants, existsSync} from 'node:fs';
import {dirname, join, resolve} from 'node:path';
import {PoeError} from '../core/errors.js';
import {openFilesLimit} from '../core/open-files.js';
import {writeAtomically} from './files/atomic-write.js';
import {attempt, isSystemError, reasonOf, toStoreError} from './files/errors.js';
import {readTextFile} from './files/read-file.js';
import {withLock} from './files/with-lock.js';

/*
 * The file of settings, which users may edit. It contains no secrets: those are in the profiles. It is read by hand, without a
 * library, because every command does it.
 */

/** The unchecked values by key, in the order of the file. */
export type StoredSettings = Map<string, unknown>;

const schemaName = 'settings.schema.json';

export const settingsPath = (folder: string): string => join(resolve(folder), 'settings.json');

/**
 * Reads the file; empty if there is none.
 * @returns why it cannot be used, as the end of a sentence about it
 * @throws PoeError `store` if too many files are open
 */
export function readSettings(path: string): StoredSettings | {problem: string} {
  let text: string;
  try {
    text = readTextFile(path);
  } catch (error) {
    if (openFilesLimit(error)) throw toStoreError(error, 'read', path);
    return hasNoFile(path, error) ? new Map() : {problem: `could not be read: ${reasonOf(error)}`};
  }
  return parse(text);
}

/** Whether there is no file of this user: nothing can be in a folder that does not exist, or that the user cannot enter. */
function hasNoFile(path: string, error: unknown): boolean {
  if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return true;
  return isSystemError(error, 'EACCES') && !canEnter(dirname(path));
}

function canEnter(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Changes the values in place, excluding other processes. @throws PoeError `store`, also for a file that is not valid */
export async function updateSettings(path: string, change: (settings: StoredSettings) => void): Promise<void> {
  await withLock(path, () => {
    const settings = readSettings(path);
    if ('problem' in settings) throw unusable(path, settings.problem);
    change(settings);
    const text = `${JSON.stringify(Object.fromEntries(settings), undefined, 2)}\n`;
    attempt('write', path, () => writeAtomically(path, text));
  });
}

/** Writes a JSON Schema beside the file, and creates the file if there is none. @throws PoeError `store` */
export async function writeSchema(path: string, schema: object): Promise<void> {
  const schemaPath = join(dirname(path), schemaName);
  attempt('write', schemaPath, () => writeAtomically(schemaPath, `${JSON.stringify(schema, undefined, 2)}\n`));
  if (!existsSync(path)) await updateSettings(path, (settings) => void settings.set('$schema', `./${schemaName}`));
}

/** The error for a file that cannot be used. */
export const unusable = (path: string, problem: string): PoeError =>
  new PoeError('store', `The settings file ${path} ${problem}`, {remedy: 'edit_settings'});

function parse(text: string): StoredSettings | {problem: string} {
  if (text.trim() === '') return new Map();
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? new Map(Object.entries(value)) : {problem: 'is not a JSON object'};
  } catch (error) {
    return {problem: `is not valid JSON${placeOf(error, text)}`};
  }
}

/** The parser's message also quotes the text, which is not repeated. */
function placeOf(error: unknown, text: string): string {
  const offset = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  if (offset === undefined) return '';
  const before = text.slice(0, Number(offset)).split('\n');
  return ` (line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1})`;
}
