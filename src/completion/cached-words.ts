import {readdirSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import {cachePath, entryKey, readEntries} from '../store/caches/cache-file.js';
import {defaultConfigFolder} from '../store/files/folder.js';
import {readTextFile} from '../store/files/read-file.js';
import {siteUrlOf} from '../store/caches/poe-urls.js';
import type {Candidate} from './complete.js';
import type {CachedKind} from './tree.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The stored words of a kind, most recently used first; empty if there are none or the files are unreadable. Titles and names
 * come from other people: descriptions are sanitized, and words that would change are left out.
 */
export function cachedWords(kind: CachedKind, env: Env, profile = env.POE_PROFILE || 'default'): Candidate[] {
  const dir = env.POE_CONFIG_DIR || undefined;
  const words =
    kind === 'profiles' ? profiles(dir) : kind === 'templates' ? templates(dir) : cached(kind, env, profile, dir);
  return words
    .filter(([word]) => word !== '' && sanitizeLine(word) === word)
    .map(([word, description]) => {
      const text = sanitizeLine(description ?? '').trim();
      return {word, description: text === word ? '' : text};
    });
}

type Entry = readonly [word: string, description?: string | null];

function cached(
  kind: Exclude<CachedKind, 'profiles' | 'templates'>,
  env: Env,
  profile: string,
  dir: string | undefined,
): Entry[] {
  const entry = readEntries(cachePath(dir)).get(entryKey(profile, siteUrlOf(env)));
  if (!entry) return [];
  switch (kind) {
    case 'bots':
      return entry.bots.map(({handle, name}): Entry => [handle, name]);
    case 'chats': {
      const chats = entry.chats.map(({chatCode, title}): Entry => [chatCode, title]);
      return chats.length > 0 ? [['last', 'Most recent chat'], ...chats] : [];
    }
    case 'categories':
      return entry.categories.map((category): Entry => [category]);
  }
}

/** The names of the templates. */
function templates(dir = defaultConfigFolder()): Entry[] {
  try {
    const files = readdirSync(join(resolve(dir), 'templates')).filter((file) => file.endsWith('.md'));
    return files.toSorted((a, b) => a.localeCompare(b)).map((file): Entry => [file.slice(0, -'.md'.length)]);
  } catch {
    return [];
  }
}

/** The saved profiles, described by their email addresses. */
function profiles(dir = defaultConfigFolder()): Entry[] {
  try {
    const file: {profiles: Record<string, {email?: unknown} | null>} = JSON.parse(
      readTextFile(join(resolve(dir), 'config.json')),
    );
    return Object.entries(file.profiles).map(([name, profile]): Entry => {
      const email = profile?.email;
      return [name, typeof email === 'string' ? email : null];
    });
  } catch {
    return [];
  }
}
