import {accessSync, chmodSync, constants, existsSync, lstatSync, mkdirSync, readdirSync, statSync} from 'node:fs';
import {dirname, isAbsolute, join} from 'node:path';
import process from 'node:process';
import {isSystemError, reasonOf} from './errors.js';
import {homeFolder} from './home-folder.js';

/** The folder of settings and data: the one that conf uses for a project named `poe`, computed without loading conf. */
export function defaultConfigFolder(): string {
  const {platform, env} = process;
  if (platform === 'darwin') return join(homeFolder(), 'Library', 'Preferences', 'poe');
  if (platform === 'win32') return join(env.APPDATA || join(homeFolder(), 'AppData', 'Roaming'), 'poe', 'Config');
  const configured = env.XDG_CONFIG_HOME ?? '';
  return join(isAbsolute(configured) ? configured : join(homeFolder(), '.config'), 'poe');
}

/** Why nothing can be written in a folder, which may not exist yet. Undefined if it seems possible. */
export function unwritableReason(folder: string): string | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (error) {
    const isMissing = isSystemError(error, 'ENOENT') && dirname(folder) !== folder;
    return isMissing ? unwritableReason(dirname(folder)) : reasonOf(error);
  }
}

/**
 * Creates a folder that only its owner can access. An existing folder is restricted too, if it belongs to this user and
 * contains nothing but poe's files.
 * @throws the system's error
 */
export function makePrivateFolder(folder: string): void {
  createFolder(folder);
  const stats = lstatSync(folder);
  // Only on systems with file owners; elsewhere modes have no meaning.
  const isOwn = stats.isDirectory() && stats.uid === process.getuid?.();
  const isOpen = (stats.mode & 0o077) !== 0;
  if (isOwn && isOpen && readdirSync(folder).every(isPoeFile)) chmodSync(folder, 0o700);
}

/**
 * Settings, caches, local chats, the archive, last chats, the journal, the ledger, tokens of the server, templates, changes for MCP
 * clients and the prompt history, and temporary files of these.
 */
const isPoeFile = (name: string): boolean =>
  /^(?:config|settings|settings\.schema|cache|models|mcp-clients)\.json|^(?:archive|cache|chats|journal|last|ledger|serve|templates)$|^history(?:-[\w.-]+)?\.jsonl$/.test(
    name,
  );

/** Creates a folder and its parents. In Node 20, `recursive` hangs if the system reports ENOENT for a new folder (/proc). */
function createFolder(folder: string): void {
  if (isFolder(folder)) return;
  if (dirname(folder) !== folder && !existsSync(dirname(folder))) createFolder(dirname(folder));
  try {
    mkdirSync(folder, {mode: 0o700});
  } catch (error) {
    // Another process may have created it.
    if (!isFolder(folder)) throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
