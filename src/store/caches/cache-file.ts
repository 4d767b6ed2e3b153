import {join, resolve} from 'node:path';
import type {PointPrices} from '../../core/spending/point-prices.js';
import {writeAtomically} from '../files/atomic-write.js';
import {defaultConfigFolder} from '../files/folder.js';
import {readTextFile} from '../files/read-file.js';

/** The cached items of one profile and site. Recently used items come first. */
export interface CacheEntry {
  bots: CachedBot[];
  chats: CachedChat[];
  categories: string[];
  prices: CachedPrices[];
}

/** What a bot costs, according to its price list. */
export interface CachedPrices {
  handle: string;
  /** When the list was read, in milliseconds since 1970. */
  at: number;
  /** Null if it has no prices. */
  prices: PointPrices | null;
}

export interface CachedBot {
  handle: string;
  name: string | null;
}

export interface CachedChat {
  chatCode: string;
  title: string | null;
}

/** The entries of the cache by key, most recently changed first. */
export type CacheEntries = ReadonlyMap<string, CacheEntry>;

export const cachePath = (dir = defaultConfigFolder()): string => join(resolve(dir), 'cache.json');

/** The key of an entry. Each site has its own, because its chats do not exist elsewhere. */
export const entryKey = (profile: string, site: string): string =>
  `${profile} ${URL.canParse(site) ? new URL(site).origin : site}`;

/** Reads the cache; empty if there is no file or it is damaged. */
export function readEntries(path: string): CacheEntries {
  try {
    const stored: unknown = JSON.parse(readTextFile(path));
    return new Map(isObject(stored) ? Object.entries(stored).map(([key, entry]) => [key, parseEntry(entry)]) : []);
  } catch {
    return new Map();
  }
}

/** @throws the system's error */
export const writeEntries = (path: string, entries: CacheEntries): void =>
  writeAtomically(path, JSON.stringify(Object.fromEntries(entries)));

// By hand, because completion reads the cache and must not load valibot.
function parseEntry(stored: unknown): CacheEntry {
  const {bots, chats, categories, prices} = isObject(stored) ? stored : {};
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
    prices: items(prices).flatMap((price) =>
      isObject(price) && typeof price.handle === 'string' && typeof price.at === 'number'
        ? {handle: price.handle, at: price.at, prices: pricesOf(price.prices)}
        : [],
    ),
  };
}

const pricesOf = (stored: unknown): PointPrices | null =>
  isObject(stored)
    ? {
        perMessage: numberOrNull(stored.perMessage),
        input: numberOrNull(stored.input),
        output: numberOrNull(stored.output),
        perItem: numberOrNull(stored.perItem),
      }
    : null;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const items = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);
