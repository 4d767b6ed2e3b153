import {join, resolve} from 'node:path';
import {PoeError} from '../core/errors.js';
import {readProfiles, updateProfiles} from './profile-file.js';
import {defaultFolder} from './folder.js';
import {type Profile, parseProfile} from './profile.js';

export type {Profile, Tokens} from './profile.js';

/** Keeps profiles. Each method throws PoeError `usage` for a name that is none, and `store` when the file does not allow it. */
export interface ProfileStore {
  readonly path: string;
  /** What is kept under this name: `{}` when nothing is. */
  read(profile: string): Promise<Profile>;
  /** Replaces a profile by what `change` makes of it, while no other process can. An empty one is forgotten. */
  update(profile: string, change: (profile: Profile) => Profile): Promise<void>;
  names(): Promise<string[]>;
}

interface ProfileStoreOptions {
  /** The folder of the file. Default: where programs of this platform keep their settings. */
  dir?: string;
  /** Is told when a broken file had to be set aside. */
  note?: (message: string) => void;
}

/** The store in a file `config.json` that only its owner can read. Nothing is made on disk before the first update. */
export function openStore({dir = defaultFolder(), note = () => {}}: ProfileStoreOptions = {}): ProfileStore {
  const path = join(resolve(dir), 'config.json');
  return {
    path,
    read: async (name) => parseProfile((await readProfiles(path, note)).get(checked(name))),
    async update(name, change) {
      checked(name);
      await updateProfiles(path, note, (profiles) => replace(profiles, name, change));
    },
    names: async () => [...(await readProfiles(path, note)).keys()],
  };
}

/** A store that ends with the process. */
export function memoryStore(initial: Record<string, Profile> = {}): ProfileStore {
  const profiles = new Map<string, unknown>(Object.entries(initial));
  return {
    path: 'memory',
    read: async (name) => parseProfile(profiles.get(checked(name))),
    update: async (name, change) => replace(profiles, checked(name), change),
    names: async () => [...profiles.keys()],
  };
}

function replace(profiles: Map<string, unknown>, name: string, change: (profile: Profile) => Profile): void {
  const profile = change(parseProfile(profiles.get(name)));
  if (Object.values(profile).some((value) => value !== undefined)) profiles.set(name, profile);
  else profiles.delete(name);
}

function checked(name: string): string {
  if (/^[\w.-]{1,64}$/.test(name)) return name;
  throw new PoeError('usage', `${JSON.stringify(name)} cannot be the name of a profile`, {
    hint: 'A name has 1 to 64 letters, digits, dots, hyphens or underscores.',
  });
}
