import {
  type CachedBot,
  type CachedChat,
  cachePath,
  type Entries,
  type Entry,
  keyOf,
  readEntries,
  writeEntries,
} from './cache-file.js';
import {Recent} from './recent.js';

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
  seeBots(bots: Iterable<CachedBot>): void;
  seeChats(chats: Iterable<CachedChat>): void;
  /** Poe's whole list, which replaces the one kept. */
  seeCategories(categories: Iterable<string>): void;
  forgetChats(codes: Iterable<string> | 'all'): void;
  /** Forgets all that this profile has seen, here and at other addresses. */
  forget(): void;
  /** Writes what has changed, once; nothing when nothing has. It never throws. */
  save(): void;
}

const mostBots = 500;
const mostChats = 200;
const mostCategories = 200;
/** A sandbox has another address each time. */
const mostEntries = 20;
const longestName = 200;

interface Place {
  read(): Entries;
  write(entries: Entries): void;
}

/** The cache in the file `cache.json`, which only its owner can read. */
export function openCache({dir, profile, site}: {dir?: string; profile: string; site: string}): Cache {
  const path = cachePath(dir);
  return makeCache(profile, keyOf(profile, site), {
    read: () => readEntries(path),
    write: (entries) => writeEntries(path, entries),
  });
}

/** A cache that ends with the process. */
export function memoryCache(): Cache {
  let kept: Entries = new Map();
  return makeCache('', '', {read: () => kept, write: (entries) => (kept = entries)});
}

function makeCache(profile: string, key: string, place: Place): Cache {
  let changes: Changes | undefined;
  let kept: Entries | undefined;
  const now = () => entryAfter((kept ??= place.read()).get(key), changes);
  const change = () => (changes ??= noChanges());
  return {
    bots: () => now().bots,
    chats: () => now().chats,
    categories: () => now().categories,
    seeBots(bots) {
      for (const {handle, name} of bots) change().bots.see({handle, name: shortened(name)});
    },
    seeChats(chats) {
      for (const {chatCode, title} of chats) change().chats.see({chatCode, title: shortened(title)});
    },
    seeCategories: (categories) => (change().categories = [...categories].slice(0, mostCategories)),
    forgetChats: (codes) => change().chats.forget(codes),
    forget: () => (changes = {...noChanges(), isForgotten: true}),
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
  bots: Recent<CachedBot>;
  chats: Recent<CachedChat>;
  categories: string[] | undefined;
}

const noChanges = (): Changes => ({
  isForgotten: false,
  // Poe takes a handle in any letter case.
  bots: new Recent(
    mostBots,
    ({handle}) => handle.toLowerCase(),
    (bot, before) => ({...bot, name: bot.name ?? before.name}),
  ),
  chats: new Recent(
    mostChats,
    ({chatCode}) => chatCode,
    (chat, before) => ({...chat, title: chat.title ?? before.title}),
  ),
  categories: undefined,
});

function entryAfter(entry: Entry = emptyEntry, changes?: Changes): Entry {
  if (!changes) return entry;
  const {bots, chats, categories} = changes.isForgotten ? emptyEntry : entry;
  return {
    bots: changes.bots.after(bots),
    chats: changes.chats.after(chats),
    categories: changes.categories ?? categories,
  };
}

const emptyEntry: Entry = {bots: [], chats: [], categories: []};

/** All entries; the changed one comes first, and where there are too many, those at the end go. */
function entriesAfter(before: Entries, profile: string, key: string, changes: Changes): Entries {
  const entry = entryAfter(before.get(key), changes);
  const isKept = (name: string) => name !== key && !(changes.isForgotten && name.startsWith(`${profile} `));
  const others = [...before].filter(([name]) => isKept(name));
  const isEmpty = Object.values(entry).every((list: unknown[]) => list.length === 0);
  return new Map([...(isEmpty ? [] : [[key, entry] as const]), ...others].slice(0, mostEntries));
}

/** The order of the entries alone is not worth writing. */
const isSame = (one: Entries, other: Entries): boolean =>
  one.size === other.size && [...one].every(([key, entry]) => JSON.stringify(entry) === JSON.stringify(other.get(key)));

const shortened = (name: string | null): string | null => name && name.slice(0, longestName);
