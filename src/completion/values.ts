import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {cachePath, keyOf, readEntries} from '../store/cache-file.js';
import {sanitizeLine} from '../output/terminal/sanitize.js';
import {defaultFolder} from '../store/folder.js';

/* A shell asks this on every Tab. It is built as a program of its own, which loads nothing but itself. */

/** The kinds of words that only a look at what was seen of Poe can tell. */
export const liveKinds = ['bots', 'chats', 'categories', 'profiles'] as const;
export type LiveKind = (typeof liveKinds)[number];

type Env = Readonly<Record<string, string | undefined>>;
type Value = [value: string, description: string | null | undefined];

/**
 * The words of a kind, each on a line, with a tab and what describes it behind; those used last come first. It is '' where
 * nothing is known.
 */
export function values(kind: string, env: Env, profile?: string): string {
  const dir = env.POE_CONFIG_DIR || undefined;
  return (kind === 'profiles' ? profiles(dir) : seen(kind, env, profile || env.POE_PROFILE || 'default', dir))
    .filter(([value]) => value !== '' && sanitizeLine(value) === value)
    .map(([value, description]) => `${value}${described(value, description)}\n`)
    .join('');
}

function seen(kind: string, env: Env, profile: string, dir: string | undefined): Value[] {
  const entry = readEntries(cachePath(dir)).get(keyOf(profile, env.POE_BASE_URL || 'https://poe.com'));
  if (!entry) return [];
  switch (kind) {
    case 'bots':
      return entry.bots.map(({handle, name}) => [handle, name]);
    case 'chats':
      return withLast(entry.chats.map(({chatCode, title}) => [chatCode, title]));
    case 'categories':
      return entry.categories.map((category) => [category, null]);
    default:
      return [];
  }
}

const withLast = (chats: Value[]): Value[] => (chats.length === 0 ? [] : [['last', 'the chat used last'], ...chats]);

/** The names of the profiles, with the address that Poe knows each by. */
function profiles(dir = defaultFolder()): Value[] {
  try {
    const file: {profiles: Record<string, {email?: unknown} | null>} = JSON.parse(
      readFileSync(join(resolve(dir), 'config.json'), 'utf8'),
    );
    return Object.entries(file.profiles).map(([name, profile]) => [name, textOf(profile?.email)]);
  } catch {
    return [];
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** A title comes from outside: it must stay on its line, and do nothing to the terminal that shows it. */
function described(value: string, description: string | null | undefined): string {
  const text = sanitizeLine(description ?? '').trim();
  return text === '' || text === value ? '' : `\t${text}`;
}
