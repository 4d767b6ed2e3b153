import {mkdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {dirname, sep} from 'node:path';
import {PoeError} from '../../core/errors.js';
import {isSystemError, reasonOf} from '../../store/files/errors.js';
import {linkTarget, readBytes} from '../../store/files/read-file.js';
import {uniqueName} from '../../store/files/unique-name.js';

/** The text of a configuration; undefined if there is no file. @throws PoeError `file` */
export function readConfig(path: string): string | undefined {
  let bytes: Buffer;
  try {
    bytes = readBytes(path);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw new PoeError('file', `Could not read ${path}: ${reasonOf(error)}`, {cause: error});
  }
  const text = bytes.toString('utf8');
  if (Buffer.from(text).equals(bytes)) return text;
  throw new PoeError('file', `Could not read ${path}: it is not UTF-8`, {hint: 'Nothing was changed.'});
}

/**
 * Replaces a configuration at once, through symbolic links, with its mode. Undefined deletes it.
 * @param before what it should contain still
 * @returns the outermost folder that was created for it
 * @throws PoeError `file`
 */
export function writeConfig(path: string, text: string | undefined, before: string | undefined): string | undefined {
  const target = linkTarget(path);
  const temporary = `${target}.${uniqueName()}`;
  try {
    const folder = mkdirSync(dirname(target), {recursive: true});
    const mode = statSync(target, {throwIfNoEntry: false})?.mode ?? 0o600;
    if (text !== undefined) writeFileSync(temporary, text, {mode: mode & 0o777, flag: 'wx'});
    if (readConfig(path) !== before) {
      throw new PoeError('file', `Another program has changed ${path}`, {
        hint: 'Nothing was changed. Close that program, or try again.',
      });
    }
    if (text === undefined) rmSync(target);
    else renameSync(temporary, target);
    return folder;
  } catch (error) {
    rmSync(temporary, {force: true});
    if (error instanceof PoeError) throw error;
    throw new PoeError('file', `Could not write ${path}: ${reasonOf(error)}`, {
      hint: 'Nothing was changed.',
      cause: error,
    });
  }
}

/** Removes the folders around a configuration that was deleted, as far as they are empty. @param outermost is removed last */
export function removeFolders(path: string, outermost: string): void {
  for (let folder = dirname(path); `${folder}${sep}`.startsWith(`${outermost}${sep}`); folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}
