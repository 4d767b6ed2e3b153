import {readFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {defaultFolder} from './folder.js';
import {writeAtomically} from './atomic-write.js';

/** What is kept for one profile at one address of Poe. */
export interface CacheEntry {
  bots: CachedBot[];
  chats: CachedChat[];
  categories: string[];
}

export interface CachedBot {
  handle: string;
  name: string | null;
}

export interface CachedChat {
  chatCode: string;
  title: string | null;
}

/** Where the cache is: beside the settings. */
export const cachePath = (dir = defaultFolder()): string => join(resolve(dir), 'cache.json');

export type CacheEntries = ReadonlyMap<string, CacheEntry>;

/** The name of an entry: what one profile saw at one address is of no use at another. */
export const entryKey = (profile: string, site: string): string =>
  `${profile} ${URL.canParse(site) ? new URL(site).origin : site}`;

/** The entries of the file, those written last first; none when there is no file, or it cannot be understood. */
export function readEntries(path: string): CacheEntries {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return new Map(isObject(kept) ? Object.entries(kept).map(([key, entry]) => [key, toEntry(entry)]) : []);
  } catch {
    return new Map();
  }
}

/** Writes the file anew. @throws the system's error */
export const writeEntries = (path: string, entries: CacheEntries): void =>
  writeAtomically(path, JSON.stringify(Object.fromEntries(entries)));

function toEntry(kept: unknown): CacheEntry {
  const {bots, chats, categories} = isObject(kept) ? kept : {};
  return {
    bots: items(bots).flatMap((bot) =>
      isObject(bot) && typeof bot.handle === 'string' ? {handle: bot.handle, name: textOrNull(bot.name)} : [],
    ),
    chats: items(chats).flatMap((chat) =>
      isObject(chat) && typeof chat.chatCode === 'string'
        ? {chatCode: chat.chatCode, title: textOrNull(chat.title)}
        : [],
    ),
    categories: items(categories).filter((category) => typeof category === 'string'),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
