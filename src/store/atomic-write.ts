import {renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname} from 'node:path';
import {makePrivateFolder} from './folder.js';

/** Writes a file anew for its owner only, in one piece: who reads it meanwhile gets the old one whole. @throws the system's error */
export function writeAtomically(path: string, text: string): void {
  makePrivateFolder(dirname(path));
  // The global one is loaded when it is asked for, unlike node:crypto.
  const beside = `${path}.${crypto.randomUUID()}`;
  try {
    writeFileSync(beside, text, {mode: 0o600, flag: 'wx'});
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, {force: true});
    throw error;
  }
}
