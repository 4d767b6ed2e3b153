import {chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import process from 'node:process';

/** Where conf keeps the settings of a project named “poe”, known without loading conf. */
export function defaultFolder(): string {
  const {platform, env} = process;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Preferences', 'poe');
  if (platform === 'win32') return join(env.APPDATA || join(homedir(), 'AppData', 'Roaming'), 'poe', 'Config');
  return join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'poe');
}

/** Makes a folder that only its owner can enter. One that is there is closed, if it is ours and holds nothing else. */
export function makePrivateFolder(folder: string): void {
  makeFolder(folder);
  const found = lstatSync(folder);
  // Asked for on systems with owners only; elsewhere the mode means nothing.
  const isOurs = found.isDirectory() && found.uid === process.getuid?.();
  const isOpen = (found.mode & 0o077) !== 0;
  if (isOurs && isOpen && readdirSync(folder).every(isOfPoe)) chmodSync(folder, 0o700);
}

/** Settings, caches, local chats, the last one, the journal and what was typed, and what is beside them while they are written. */
const isOfPoe = (name: string): boolean =>
  /^(?:config|cache|models)\.json|^(?:chats|journal|last)$|^history\.jsonl$/.test(name);

/** One after the other, for `recursive` of Node 20 never comes back where the system refuses a folder with ENOENT (/proc). */
function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder && !existsSync(dirname(folder))) makeFolder(dirname(folder));
  try {
    mkdirSync(folder, {mode: 0o700});
  } catch (error) {
    // Another process may have been faster.
    if (!isFolder(folder)) throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
