import type {Chats} from '../client.js';
import type {Chat} from '../model.js';
import {chatName} from '../names/chat-ref.js';
import type {ArchiveStore} from './archive-store.js';
import type {SyncEvent, SyncOptions} from './archive.js';
import type {Pauses} from './pauses.js';

interface ToList {
  archive: ArchiveStore;
  source: {chats: Pick<Chats, 'history' | 'byBot'>};
  pauses: Pauses;
  account: string | null;
  options: SyncOptions;
  /** Whether a complete list has the chat with this code and account. */
  wasListed: (code: string, account: string | null) => boolean;
}

export interface Listing {
  changed: Chat[];
  /** Those of them that have been copied before: only what is new has to be read. */
  known: ReadonlySet<Chat>;
  /** How many chats were listed, with those behind the place where the list was left. */
  count: number;
  /** Whether every chat was listed. */
  isComplete: boolean;
  /** The codes of chats that are in the archive, but no longer in the list. */
  missing: string[];
}

/** After so many chats that have not changed, older ones have not changed either: the newest are first. */
const unchangedBeforeEnd = 60;
/** What the list says is stored for so many chats at once. */
const chatsBeforeStore = 50;
const dayMs = 86_400_000;

/** Lists chats, as far as they may have changed since they were copied. */
export async function* listChanged(toList: ToList): AsyncGenerator<SyncEvent, Listing> {
  const {archive, source, pauses, account, options, wasListed} = toList;
  const {bot, since, isFull = false, signal} = options;
  const isFiltered = bot !== undefined || since !== undefined;
  // After a sync that was interrupted, chats that have changed follow those that it copied.
  const mayStop =
    !isFull && !isFiltered && isRecent(archive.lastSync({isFull: true, account})) && !archive.hasUncopied(account);
  const listOptions = {signal, minIntervalMs: pauses.pageMs};
  const list = () => (bot === undefined ? source.chats.history(listOptions) : source.chats.byBot(bot, listOptions));
  const listed = new Listed(toList);
  let isComplete = !isFiltered;
  let isLeft = false;
  for await (const chat of list()) {
    if (since && chat.lastInteractionTime !== null && new Date(chat.lastInteractionTime) < since) break;
    listed.add(chat);
    yield {type: 'listed', count: listed.count};
    if (mayStop && listed.unchangedInARow >= unchangedBeforeEnd) {
      isComplete = false;
      isLeft = true;
      break;
    }
  }
  if (isComplete && archive.missingChats(listed, wasListed).length > 0) {
    // A chat that was used meanwhile has moved to the start, past the pages that were read.
    for await (const chat of list()) {
      if (listed.hasAsItIs(chat) && !chat.isPinned) break;
      listed.add(chat);
    }
  }
  listed.store();
  const missing = isComplete ? archive.missingChats(listed, wasListed) : [];
  const count = listed.count + (isLeft ? archive.missingChats(listed, wasListed).length : 0);
  return {changed: listed.changed, known: listed.known, count, isComplete, missing};
}

const isRecent = (time: string | null): boolean => time !== null && Date.now() - Date.parse(time) < dayMs;

/** Chats of a list, each once, and which of them have changed. */
class Listed {
  readonly changed: Chat[] = [];
  readonly known = new Set<Chat>();
  unchangedInARow = 0;
  readonly #times = new Map<string, string | null>();
  readonly #toList: ToList;
  #unstored: Chat[] = [];

  constructor(toList: ToList) {
    this.#toList = toList;
  }

  get count(): number {
    return this.#times.size;
  }

  has(code: string): boolean {
    return this.#times.has(code);
  }

  /** Whether the chat was listed, and not used since. */
  hasAsItIs(chat: Chat): boolean {
    return this.has(chatName(chat)) && this.#times.get(chatName(chat)) === chat.lastInteractionTime;
  }

  add(chat: Chat): void {
    if (this.has(chatName(chat))) return;
    this.#times.set(chatName(chat), chat.lastInteractionTime);
    const copied = this.#toList.archive.copiedUntil(chat);
    const isCurrent = copied !== null && copied === chat.lastInteractionTime;
    if (!isCurrent) this.changed.push(chat);
    if (!isCurrent && copied !== null) this.known.add(chat);
    this.unchangedInARow = isCurrent ? this.unchangedInARow + 1 : 0;
    if (this.#unstored.push(chat) === chatsBeforeStore) this.store();
  }

  /** Stores what the list says: titles change without a new message. */
  store(): void {
    const {archive, account, options} = this.#toList;
    if (!options.isDryRun) archive.seeAll(this.#unstored, account);
    this.#unstored = [];
  }
}
