import {chmodSync, lstatSync, mkdirSync, readdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
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
  mkdirSync(folder, {recursive: true, mode: 0o700});
  const found = lstatSync(folder);
  // Asked for on systems with owners only; elsewhere the mode means nothing.
  const isOurs = found.isDirectory() && found.uid === process.getuid?.();
  const isOpen = (found.mode & 0o077) !== 0;
  if (isOurs && isOpen && readdirSync(folder).every((name) => name.startsWith('config.json'))) chmodSync(folder, 0o700);
}
