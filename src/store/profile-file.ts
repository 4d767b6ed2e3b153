import {chmodSync, lstatSync, renameSync, writeFileSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import process from 'node:process';
import * as v from 'valibot';
import {PoeError} from '../core/errors.js';
import {attempt, isSystemError} from './files/errors.js';
import {homeFolder} from './files/home-folder.js';
import {type Access, linkTarget, readSecretFile, readTextFile} from './files/read-file.js';
import {withLock} from './files/with-lock.js';

/** The unparsed profiles by name. */
export type StoredProfiles = Map<string, unknown>;
/** Shows a message to the user. */
export type Note = (message: string) => void;

/** Reads the profiles; none if there is no file. A damaged file is renamed. @throws PoeError `store` */
export async function readProfiles(path: string, note: Note): Promise<StoredProfiles> {
  const profiles = read(path, note);
  if (profiles) return profiles;
  try {
    // An unreadable file may be in the middle of another process's change. Read it again under the lock.
    return await withLock(path, () => read(path, note) ?? setAside(path, note));
  } catch (error) {
    if (!(error instanceof PoeError)) throw error;
    note(ignored(path));
    return new Map();
  }
}

/** Changes the profiles in place, excluding other processes. A damaged file is renamed. @throws PoeError `store` */
export async function updateProfiles(
  path: string,
  note: Note,
  change: (profiles: StoredProfiles) => void,
): Promise<void> {
  const Conf = await loadConf();
  // conf would replace a link to a file that does not exist yet.
  const target = linkTarget(path);
  const options = {
    cwd: dirname(target),
    configName: basename(target),
    fileExtension: '',
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
    deserialize: (text: string) => ({...parseFile(text)}),
  };
  await withLock(path, () => {
    const profiles = read(path, note) ?? setAside(path, note, {isReplaced: true});
    change(profiles);
    attempt('write', path, () => new Conf(options).set('profiles', Object.fromEntries(profiles)));
  });
}

/** Loads conf, which is slow and not needed for reading. It fails to load for a user without a home. */
async function loadConf() {
  const home = homeFolder();
  if (process.env.HOME === undefined && home === '/') process.env.HOME = home;
  return (await import('conf')).default;
}

/**
 * Preserves a damaged file for the user, and starts without profiles. A link stays: the file it leads to may not be
 * poe's, so it is copied, and only if it is about to be replaced.
 */
function setAside(path: string, note: Note, {isReplaced = false}: {isReplaced?: boolean} = {}): StoredProfiles {
  const isLink = lstatSync(path).isSymbolicLink();
  if (isLink && !isReplaced) {
    note(ignored(path));
    return new Map();
  }
  const newPath = `${path}.broken-${new Date().toISOString().replaceAll(':', '-')}`;
  attempt('keep a copy of the damaged file', path, () => {
    if (isLink) {
      writeFileSync(newPath, readTextFile(path), {mode: 0o600, flag: 'wx'});
    } else {
      chmodSync(path, 0o600);
      renameSync(path, newPath);
    }
  });
  const isKept = isLink ? 'A copy was saved as' : 'It was renamed to';
  note(`The credentials file ${path} is damaged. ${isKept} ${basename(newPath)}, and a new one will be created.`);
  return new Map();
}

const ignored = (path: string) => `The credentials file ${path} is damaged and was ignored.`;

// Not v.record, which drops names such as `constructor`.
const StringKeyed = v.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const ProfileFile = v.pipe(StringKeyed, v.looseObject({profiles: v.optional(StringKeyed, {})}));

/** Undefined if the text is damaged. The reason is not reported: a parser's message quotes the text. */
function parseFile(text: string) {
  const json = v.safeParse(v.pipe(v.string(), v.parseJson()), text.replace(/^\uFEFF/, ''));
  const parsed = v.safeParse(ProfileFile, json.output);
  return json.success && parsed.success ? parsed.output : undefined;
}

/** Undefined if the file is damaged. A file that others can read is restricted to its owner, which is reported. */
function read(path: string, note: Note): StoredProfiles | undefined {
  const {text, access} = attempt('read', path, () => readOrEmpty(path));
  const stored = parseFile(text);
  reportAccess(path, access, hasProfiles(stored), note);
  return stored && new Map(Object.entries(stored.profiles));
}

const hasProfiles = (stored: ReturnType<typeof parseFile>): boolean => Object.keys(stored?.profiles ?? {}).length > 0;

function readOrEmpty(path: string): {text: string; access: Access} {
  try {
    return readSecretFile(path, (text) => hasProfiles(parseFile(text)));
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return {text: '{}', access: 'private'};
    throw error;
  }
}

function reportAccess(path: string, access: Access, hasSecrets: boolean, note: Note): void {
  if (access === 'private') return;
  if (!hasSecrets) {
    const state = access === 'restricted' ? 'It is private now.' : 'Its owner can change that.';
    return note(`Other users could change the credentials file ${path}. ${state}`);
  }
  const advice = 'If other people use this machine, log in again with new credentials.';
  if (access === 'restricted') {
    note(`Other users could read the credentials in ${path}. It is private now. ${advice}`);
  } else {
    note(`Other users can read the credentials in ${path}. Its owner can change that.`);
  }
}
