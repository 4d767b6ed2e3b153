import {renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {makePrivateFolder} from './folder.js';
import {checkRegularFile, linkTarget} from './read-file.js';
import {uniqueName} from './unique-name.js';

/**
 * Writes a file that only its owner can read, through symbolic links. Other processes see either the old or the new content.
 * @throws the system's error; EISDIR or ENOTFILE if the path leads to a folder, device or pipe
 */
export function writeAtomically(path: string, text: string): void {
  makePrivateFolder(dirname(path));
  const target = linkTarget(path);
  checkRegularFile(target);
  const temporary = `${target}.${uniqueName()}`;
  try {
    writeFileSync(temporary, text, {mode: 0o600, flag: 'wx'});
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, {force: true});
    throw error;
  }
}
