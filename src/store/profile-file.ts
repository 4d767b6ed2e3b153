import {chmodSync, readFileSync, renameSync} from 'node:fs';
import {basename, dirname} from 'node:path';
import * as v from 'valibot';
import {attempt, isSystemError, toStoreError} from './errors.js';
import {makePrivateFolder} from './folder.js';
import {lock} from './lock.js';

/** What stands under each profile's name, as it is in the file. */
export type StoredProfiles = Map<string, unknown>;
export type Note = (message: string) => void;

/** The file's profiles; none when there is no file. @throws PoeError `store` */
export async function readProfiles(path: string, note: Note): Promise<StoredProfiles> {
  // A file that cannot be understood may be one that another process is at: it is looked at again under the lock.
  return parse(path) ?? locked(path, () => readOrSetAside(path, note));
}

/** Changes the file's profiles in place while no other process can. @throws PoeError `store` */
export async function updateProfiles(
  path: string,
  note: Note,
  change: (profiles: StoredProfiles) => void,
): Promise<void> {
  // Dear to load, and not needed for reading.
  const {default: Conf} = await import('conf');
  const options = {cwd: dirname(path), configFileMode: 0o600, accessPropertiesByDotNotation: false};
  await locked(path, () => {
    const profiles = readOrSetAside(path, note);
    change(profiles);
    attempt(path, 'written', () => new Conf(options).set('profiles', Object.fromEntries(profiles)));
  });
}

async function locked<T>(path: string, work: () => T): Promise<T> {
  attempt(path, 'written', () => makePrivateFolder(dirname(path)));
  const release = await lock(`${path}.lock`).catch((error: unknown) => {
    throw toStoreError(error, path, 'written');
  });
  try {
    return work();
  } finally {
    attempt(path, 'unlocked', release);
  }
}

function readOrSetAside(path: string, note: Note): StoredProfiles {
  const profiles = parse(path);
  if (profiles) return profiles;
  const aside = `${path}.broken-${new Date().toISOString().replaceAll(':', '-')}`;
  attempt(path, 'set aside, though it is broken', () => {
    chmodSync(path, 0o600);
    renameSync(path, aside);
  });
  note(`The file ${path} could not be understood. It is now ${basename(aside)}, and an empty one takes its place.`);
  return new Map();
}

// Not v.record, which leaves out names such as `constructor`.
const Named = v.custom<object>((value) => typeof value === 'object' && value !== null && !Array.isArray(value));
const StoreFile = v.pipe(v.string(), v.parseJson(), Named, v.object({profiles: v.optional(Named, {})}));

/** Undefined when what is there is no file of ours. Why is not told: a parser's words quote the file. */
function parse(path: string): StoredProfiles | undefined {
  const text = attempt(path, 'read', () => textOf(path));
  const parsed = v.safeParse(StoreFile, text);
  return parsed.success ? new Map(Object.entries(parsed.output.profiles)) : undefined;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '{}';
    throw error;
  }
}
