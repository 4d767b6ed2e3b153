import {chmodSync, readFileSync, renameSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import * as v from 'valibot';
import {attempt, isSystemError, toStoreError} from './errors.js';
import {makePrivateFolder} from './folder.js';
import {lock} from './lock.js';

/** The unparsed profiles by name. */
export type StoredProfiles = Map<string, unknown>;
/** Shows a message to the user. */
export type Note = (message: string) => void;

/** Reads the profiles; none if there is no file. A damaged file is renamed. @throws PoeError `store` */
export async function readProfiles(path: string, note: Note): Promise<StoredProfiles> {
  // An unreadable file may be in the middle of another process's change. Read it again under the lock.
  return parse(path) ?? withLock(path, () => readOrRename(path, note));
}

/** Changes the profiles in place, excluding other processes. A damaged file is renamed. @throws PoeError `store` */
export async function updateProfiles(
  path: string,
  note: Note,
  change: (profiles: StoredProfiles) => void,
): Promise<void> {
  // Loading conf is slow, and reading does not need it.
  const {default: Conf} = await import('conf');
  const options = {cwd: dirname(path), configFileMode: 0o600, accessPropertiesByDotNotation: false};
  await withLock(path, () => {
    const profiles = readOrRename(path, note);
    change(profiles);
    attempt('write', path, () => new Conf(options).set('profiles', Object.fromEntries(profiles)));
  });
}

async function withLock<T>(path: string, work: () => T): Promise<T> {
  attempt('write', path, () => makePrivateFolder(dirname(path)));
  const release = await lock(`${path}.lock`).catch((error: unknown) => {
    throw toStoreError(error, 'write', path);
  });
  try {
    return work();
  } finally {
    attempt('unlock', path, release);
  }
}

function readOrRename(path: string, note: Note): StoredProfiles {
  const profiles = parse(path);
  if (profiles) return profiles;
  const newPath = `${path}.broken-${new Date().toISOString().replaceAll(':', '-')}`;
  attempt('rename the damaged file', path, () => {
    chmodSync(path, 0o600);
    renameSync(path, newPath);
  });
  note(`The settings file ${path} is damaged. It was renamed to ${basename(newPath)}, and a new one will be created.`);
  return new Map();
}

// Not v.record, which drops names such as `constructor`.
const StringKeyed = v.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const ProfileFile = v.pipe(v.string(), v.parseJson(), StringKeyed, v.object({profiles: v.optional(StringKeyed, {})}));

/** Undefined if the file is damaged. The reason is not reported: a parser's message quotes the file. */
function parse(path: string): StoredProfiles | undefined {
  const parsed = v.safeParse(
    ProfileFile,
    attempt('read', path, () => readText(path)),
  );
  return parsed.success ? new Map(Object.entries(parsed.output.profiles)) : undefined;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '{}';
    throw error;
  }
}
