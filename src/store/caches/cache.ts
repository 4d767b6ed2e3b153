import type {PriceCache} from '../../core/spending/price-cache.js';
import {
  type CachedBot,
  type CachedChat,
  type CachedPrices,
  type CacheEntries,
  type CacheEntry,
  cachePath,
  entryKey,
  readEntries,
  writeEntries,
} from './cache-file.js';
import {RecentList} from './recent.js';

export type {CachedBot, CachedChat} from './cache-file.js';

/**
 * Bots, chats and categories seen recently, for completion, and prices that took a request. It is never required: it may be out of
 * date, and a file that cannot be read or written counts as empty.
 */
export interface Cache extends PriceCache {
  /** Most recent first. */
  bots(): CachedBot[];
  /** Most recent first. */
  chats(): CachedChat[];
  categories(): string[];
  /** Adds bots in their order before all stored earlier. A null name does not replace the stored one. */
  addBots(bots: Iterable<CachedBot>): void;
  /** Adds chats like {@link addBots}; a null title does not replace the stored one. */
  addChats(chats: Iterable<CachedChat>): void;
  /** Replaces the categories with the complete list. */
  setCategories(categories: Iterable<string>): void;
  removeChats(codes: Iterable<string> | 'all'): void;
  /** Removes everything of this profile, at all sites. */
  clear(): void;
  /** Writes the changes, if there are any. Never throws. */
  save(): void;
}

const maxBots = 500;
const maxChats = 200;
const maxCategories = 200;
const maxPrices = 500;
/** Prices change seldom, and each takes a request. */
const maxPriceAgeMs = 24 * 3_600_000;
/** Without a limit each sandbox would leave an entry, because each has another port. */
const maxEntries = 20;
const maxNameLength = 200;

interface CacheStorage {
  read(): CacheEntries;
  write(entries: CacheEntries): void;
}

/** The cache in the file `cache.json`, which only its owner can read. */
export function openCache({dir, profile, site}: {dir?: string; profile: string; site: string}): Cache {
  const path = cachePath(dir);
  return createCache(profile, entryKey(profile, site), {
    read: () => readEntries(path),
    write: (entries) => writeEntries(path, entries),
  });
}

/** A cache in memory. */
export function memoryCache(): Cache {
  let stored: CacheEntries = new Map();
  return createCache('', '', {read: () => stored, write: (entries) => (stored = entries)});
}

function createCache(profile: string, key: string, storage: CacheStorage): Cache {
  let changes: Changes | undefined;
  let stored: CacheEntries | undefined;
  // A list looks up the price of each bot.
  let merged: CacheEntry | undefined;
  const current = () => (merged ??= applyTo((stored ??= storage.read()).get(key), changes));
  const change = () => {
    merged = undefined;
    return (changes ??= noChanges());
  };
  return {
    bots: () => current().bots,
    chats: () => current().chats,
    categories: () => current().categories,
    addBots(bots) {
      for (const {handle, name} of bots) change().bots.add({handle, name: shorten(name)});
    },
    addChats(chats) {
      for (const {chatCode, title} of chats) change().chats.add({chatCode, title: shorten(title)});
    },
    setCategories: (categories) => (change().categories = [...categories].slice(0, maxCategories)),
    prices(handle) {
      const found = current().prices.find((each) => isSameHandle(each.handle, handle));
      const ageMs = found === undefined ? Infinity : Date.now() - found.at;
      return ageMs >= 0 && ageMs < maxPriceAgeMs ? found?.prices : undefined;
    },
    setPrices: (handle, prices) => change().prices.add({handle, at: Date.now(), prices}),
    removeChats: (codes) => change().chats.remove(codes),
    clear() {
      merged = undefined;
      changes = {...noChanges(), isCleared: true};
    },
    save() {
      if (changes === undefined) return;
      // Read again: other processes may have written in the meantime.
      const before = storage.read();
      stored = updateEntries(before, profile, key, changes);
      changes = undefined;
      merged = undefined;
      if (isSame(before, stored)) return;
      try {
        storage.write(stored);
      } catch {
        // For example a full disk. The cache is not required.
      }
    },
  };
}

/** The unsaved changes to an entry. */
interface Changes {
  isCleared: boolean;
  bots: RecentList<CachedBot>;
  chats: RecentList<CachedChat>;
  categories: string[] | undefined;
  prices: RecentList<CachedPrices>;
}

const noChanges = (): Changes => ({
  isCleared: false,
  // Handles are case-insensitive on Poe.
  bots: new RecentList(
    maxBots,
    ({handle}) => handle.toLowerCase(),
    (bot, earlier) => ({...bot, name: bot.name ?? earlier.name}),
  ),
  chats: new RecentList(
    maxChats,
    ({chatCode}) => chatCode,
    (chat, earlier) => ({...chat, title: chat.title ?? earlier.title}),
  ),
  categories: undefined,
  prices: new RecentList(
    maxPrices,
    ({handle}) => handle.toLowerCase(),
    (prices) => prices,
  ),
});

function applyTo(entry: CacheEntry = emptyEntry, changes?: Changes): CacheEntry {
  if (!changes) return entry;
  const {bots, chats, categories, prices} = changes.isCleared ? emptyEntry : entry;
  return {
    bots: changes.bots.mergedWith(bots),
    chats: changes.chats.mergedWith(chats),
    categories: changes.categories ?? categories,
    prices: changes.prices.mergedWith(prices),
  };
}

const emptyEntry: CacheEntry = {bots: [], chats: [], categories: [], prices: []};

/** All entries with the changed one first. The last ones are dropped if there are too many. */
function updateEntries(before: CacheEntries, profile: string, key: string, changes: Changes): CacheEntries {
  const entry = applyTo(before.get(key), changes);
  const isCleared = (name: string) => changes.isCleared && name.startsWith(`${profile} `);
  const others = [...before].filter(([name]) => name !== key && !isCleared(name));
  const isEmpty = Object.values(entry).every((list: unknown[]) => list.length === 0);
  return new Map([...(isEmpty ? [] : [[key, entry] as const]), ...others].slice(0, maxEntries));
}

/** Compares entries, ignoring their order, which alone is not worth a write. */
const isSame = (one: CacheEntries, other: CacheEntries): boolean =>
  one.size === other.size && [...one].every(([key, entry]) => JSON.stringify(entry) === JSON.stringify(other.get(key)));

const shorten = (name: string | null): string | null => name && name.slice(0, maxNameLength);

const isSameHandle = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
