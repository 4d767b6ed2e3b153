import {renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {makePrivateFolder} from './folder.js';

/**
 * Writes a file that only its owner can read. Other processes see either the old or the new content.
 * @throws the system's error
 */
export function writeAtomically(path: string, text: string): void {
  makePrivateFolder(dirname(path));
  // The global crypto loads when it is first used, node:crypto when this module does.
  const temporary = `${path}.${crypto.randomUUID()}`;
  try {
    writeFileSync(temporary, text, {mode: 0o600, flag: 'wx'});
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, {force: true});
    throw error;
  }
}
