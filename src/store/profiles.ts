import {join, resolve} from 'node:path';
import {PoeError} from '../core/errors.js';
import {defaultConfigFolder} from './files/folder.js';
import {parseProfile, type Profile} from './profile.js';
import {readProfiles, updateProfiles} from './profile-file.js';

export type {Profile, Tokens} from './profile.js';

/** Stores profiles. Each method throws PoeError `usage` for an invalid profile name, and `store` if the file is not accessible. */
export interface ProfileStore {
  readonly path: string;
  /** The profile with this name; `{}` if there is none. */
  read(profile: string): Promise<Profile>;
  /** Replaces a profile with the result of `change`, excluding other processes. An empty profile is deleted. */
  update(profile: string, change: (profile: Profile) => Profile): Promise<void>;
  names(): Promise<string[]>;
}

interface ProfileStoreOptions {
  /** The folder of the file. Default: the platform's folder for settings. */
  dir?: string;
  /** Receives a message if a damaged file was renamed. */
  note?: (message: string) => void;
}

/** The store in the file `config.json`, which only its owner can read. Nothing is created before the first update. */
export function openStore({dir = defaultConfigFolder(), note = () => {}}: ProfileStoreOptions = {}): ProfileStore {
  const path = join(resolve(dir), 'config.json');
  const notes = new Set<string>();
  const noteOnce = (message: string) => {
    if (!notes.has(message)) note(message);
    notes.add(message);
  };
  return {
    path,
    read: async (name) => parseProfile((await readProfiles(path, noteOnce)).get(checkName(name))),
    async update(name, change) {
      checkName(name);
      await updateProfiles(path, noteOnce, (profiles) => replace(profiles, name, change));
    },
    names: async () => [...(await readProfiles(path, noteOnce)).keys()],
  };
}

/** A store in memory. */
export function memoryStore(initial: Record<string, Profile> = {}): ProfileStore {
  const profiles = new Map<string, unknown>(Object.entries(initial));
  return {
    path: 'memory',
    read: async (name) => parseProfile(profiles.get(checkName(name))),
    update: async (name, change) => replace(profiles, checkName(name), change),
    names: async () => [...profiles.keys()],
  };
}

function replace(profiles: Map<string, unknown>, name: string, change: (profile: Profile) => Profile): void {
  const profile = change(parseProfile(profiles.get(name)));
  if (Object.values(profile).some((value) => value !== undefined)) profiles.set(name, profile);
  else profiles.delete(name);
}

function checkName(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw new PoeError('usage', `Invalid profile name ${JSON.stringify(name)}`, {
    hint: 'Use 1 to 64 letters, digits, dots, hyphens or underscores.',
  });
}
