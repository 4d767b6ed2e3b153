import {
  type CachedBot,
  type CachedChat,
  cachePath,
  type CacheEntries,
  type CacheEntry,
  entryKey,
  readEntries,
  writeEntries,
} from './cache-file.js';
import {RecentList} from './recent.js';

export type {CachedBot, CachedChat} from './cache-file.js';

/**
 * What was seen of Poe of late, for completion. Nothing depends on it: it may be stale, and a file that cannot be read or
 * written counts as empty.
 */
export interface Cache {
  /** Those seen last come first. */
  bots(): CachedBot[];
  chats(): CachedChat[];
  categories(): string[];
  /** What is seen goes before all that was kept earlier, in the order in which it is seen. A name that is null hides none. */
  addBots(bots: Iterable<CachedBot>): void;
  addChats(chats: Iterable<CachedChat>): void;
  /** Poe's whole list, which replaces the one kept. */
  setCategories(categories: Iterable<string>): void;
  removeChats(codes: Iterable<string> | 'all'): void;
  /** Forgets all that this profile has seen, here and at other addresses. */
  clear(): void;
  /** Writes what has changed, once; nothing when nothing has. It never throws. */
  save(): void;
}

const mostBots = 500;
const mostChats = 200;
const mostCategories = 200;
/** A sandbox has another address each time. */
const mostEntries = 20;
const longestName = 200;

interface CacheStorage {
  read(): CacheEntries;
  write(entries: CacheEntries): void;
}

/** The cache in the file `cache.json`, which only its owner can read. */
export function openCache({dir, profile, site}: {dir?: string; profile: string; site: string}): Cache {
  const path = cachePath(dir);
  return makeCache(profile, entryKey(profile, site), {
    read: () => readEntries(path),
    write: (entries) => writeEntries(path, entries),
  });
}

/** A cache that ends with the process. */
export function memoryCache(): Cache {
  let kept: CacheEntries = new Map();
  return makeCache('', '', {read: () => kept, write: (entries) => (kept = entries)});
}

function makeCache(profile: string, key: string, place: CacheStorage): Cache {
  let changes: Changes | undefined;
  let kept: CacheEntries | undefined;
  const now = () => entryAfter((kept ??= place.read()).get(key), changes);
  const change = () => (changes ??= noChanges());
  return {
    bots: () => now().bots,
    chats: () => now().chats,
    categories: () => now().categories,
    addBots(bots) {
      for (const {handle, name} of bots) change().bots.add({handle, name: shortened(name)});
    },
    addChats(chats) {
      for (const {chatCode, title} of chats) change().chats.add({chatCode, title: shortened(title)});
    },
    setCategories: (categories) => (change().categories = [...categories].slice(0, mostCategories)),
    removeChats: (codes) => change().chats.remove(codes),
    clear: () => (changes = {...noChanges(), isForgotten: true}),
    save() {
      if (changes === undefined) return;
      // Read again: other processes may have written since.
      const before = place.read();
      kept = entriesAfter(before, profile, key, changes);
      changes = undefined;
      if (isSame(before, kept)) return;
      try {
        place.write(kept);
      } catch {
        // The disk may be full, or the folder read-only. What was seen can be seen again.
      }
    },
  };
}

interface Changes {
  isForgotten: boolean;
  bots: RecentList<CachedBot>;
  chats: RecentList<CachedChat>;
  categories: string[] | undefined;
}

const noChanges = (): Changes => ({
  isForgotten: false,
  // Poe takes a handle in any letter case.
  bots: new RecentList(
    mostBots,
    ({handle}) => handle.toLowerCase(),
    (bot, before) => ({...bot, name: bot.name ?? before.name}),
  ),
  chats: new RecentList(
    mostChats,
    ({chatCode}) => chatCode,
    (chat, before) => ({...chat, title: chat.title ?? before.title}),
  ),
  categories: undefined,
});

function entryAfter(entry: CacheEntry = emptyEntry, changes?: Changes): CacheEntry {
  if (!changes) return entry;
  const {bots, chats, categories} = changes.isForgotten ? emptyEntry : entry;
  return {
    bots: changes.bots.mergedWith(bots),
    chats: changes.chats.mergedWith(chats),
    categories: changes.categories ?? categories,
  };
}

const emptyEntry: CacheEntry = {bots: [], chats: [], categories: []};

/** All entries; the changed one comes first, and where there are too many, those at the end go. */
function entriesAfter(before: CacheEntries, profile: string, key: string, changes: Changes): CacheEntries {
  const entry = entryAfter(before.get(key), changes);
  const isKept = (name: string) => name !== key && !(changes.isForgotten && name.startsWith(`${profile} `));
  const others = [...before].filter(([name]) => isKept(name));
  const isEmpty = Object.values(entry).every((list: unknown[]) => list.length === 0);
  return new Map([...(isEmpty ? [] : [[key, entry] as const]), ...others].slice(0, mostEntries));
}

/** The order of the entries alone is not worth writing. */
const isSame = (one: CacheEntries, other: CacheEntries): boolean =>
  one.size === other.size && [...one].every(([key, entry]) => JSON.stringify(entry) === JSON.stringify(other.get(key)));

const shortened = (name: string | null): string | null => name && name.slice(0, longestName);
