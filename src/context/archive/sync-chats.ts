import type {Chats} from '../../core/client.js';
import {PoeError} from '../../core/errors.js';
import type {Chat, Message} from '../../core/model.js';
import {isLocalCode} from '../../core/names/chat-ref.js';
import {type Archive, keyOf} from '../../store/archive/archive.js';

export interface SyncOptions {
  /** Only chats with this bot. */
  bot?: string | undefined;
  /** Only chats that were used since then. */
  since?: Date | undefined;
  /** List all chats, even if the last complete list is less than a day old. Finds chats that were renamed or deleted. */
  isFull?: boolean;
  /** Only list the chats that would be copied. */
  isDryRun?: boolean;
  /** Called before each chat is read. */
  onChat?: (done: number, total: number) => void;
  /** Called while chats are listed. */
  onListed?: (count: number) => void;
  /** Waits between two chats. */
  pause: (chat: Chat) => Promise<void>;
  signal: AbortSignal;
}

export interface SyncResult {
  /** The chats that were copied, or would be. */
  chats: Chat[];
  /** How many of them were not in the archive before. */
  added: number;
  /** Chats that were listed and have not changed. */
  unchanged: number;
  /** Messages that were new or had changed. */
  messages: number;
  /** Chats that are no longer on Poe. */
  deleted: number;
}

/** After so many chats that have not changed, older ones have not changed either: the newest are first. */
const unchangedBeforeEnd = 60;
/** After so many messages that are stored, the older ones are stored too. */
const knownBeforeEnd = 10;
const dayMs = 86_400_000;

/**
 * Copies chats that have changed into the archive. What was copied before an error or an interruption stays.
 * @throws PoeError
 */
export async function syncChats(archive: Archive, chats: Chats, options: SyncOptions): Promise<SyncResult> {
  const startedAt = new Date();
  const {changed, added, seen, isComplete} = await listChanged(archive, chats, options);
  const unchanged = seen.size - changed.length;
  const result: SyncResult = {chats: changed, added, unchanged, messages: 0, deleted: 0};
  if (options.isDryRun) return result;
  for (const [index, chat] of changed.entries()) {
    options.onChat?.(index, changed.length);
    if (index > 0) await options.pause(chat);
    result.messages += await copyChat(archive, chats, chat, options);
  }
  const now = startedAt.toISOString();
  if (isComplete) {
    const {poe, local} = await chats.locations();
    result.deleted = archive.markDeletedChats(seen, now, (code) => (isLocalCode(code) ? local : poe));
  }
  if (options.bot === undefined && options.since === undefined) archive.finishSync(now, isComplete);
  return result;
}

interface Listing {
  changed: Chat[];
  /** How many of these have never been copied. */
  added: number;
  /** The codes of all chats that were listed. */
  seen: Set<string>;
  /** Whether every chat was listed. */
  isComplete: boolean;
}

async function listChanged(archive: Archive, chats: Chats, options: SyncOptions): Promise<Listing> {
  const {bot, since, isFull = false, isDryRun = false, onListed, signal} = options;
  const isFiltered = bot !== undefined || since !== undefined;
  const mayStop = !isFull && !isFiltered && isRecent(archive.lastSync({isFull: true}));
  const list = bot === undefined ? chats.history({signal}) : chats.byBot(bot, {signal});
  const all: Chat[] = [];
  const changed: Chat[] = [];
  let isComplete = !isFiltered;
  let unchanged = 0;
  for await (const chat of list) {
    if (since && chat.lastInteractionTime !== null && new Date(chat.lastInteractionTime) < since) break;
    all.push(chat);
    onListed?.(all.length);
    const isCurrent = archive.isCurrent(chat);
    if (!isCurrent) changed.push(chat);
    unchanged = isCurrent ? unchanged + 1 : 0;
    if (mayStop && unchanged >= unchangedBeforeEnd) {
      isComplete = false;
      break;
    }
  }
  // Titles change without a new message.
  if (!isDryRun) archive.seeAll(all);
  const added = changed.filter((chat) => !archive.isComplete(chat)).length;
  return {changed, added, seen: new Set(all.map(keyOf)), isComplete};
}

const isRecent = (time: string | null): boolean => time !== null && Date.now() - Date.parse(time) < dayMs;

/** @returns how many messages were new or had changed */
async function copyChat(archive: Archive, chats: Chats, chat: Chat, {signal}: SyncOptions): Promise<number> {
  const read: Message[] = [];
  let isAll = true;
  try {
    const {messages} = await chats.read(chat, {signal});
    const isIncremental = archive.isComplete(chat);
    let known = 0;
    for await (const message of messages) {
      read.push(message);
      known = isIncremental && archive.has(chat, message) ? known + 1 : 0;
      if (known < knownBeforeEnd) continue;
      isAll = false;
      break;
    }
  } catch (error) {
    // It was deleted meanwhile. The next complete list shows that.
    if (error instanceof PoeError && error.code === 'chat_not_found') return 0;
    throw error;
  }
  return archive.add(chat, read, {isAll, now: new Date().toISOString()});
}
