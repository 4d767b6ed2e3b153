import type {Chats, Messages} from '../client.js';
import {PoeError} from '../errors.js';
import type {Chat} from '../model.js';
import {chatName, isLocalCode} from '../names/chat-ref.js';
import type {ArchiveStore} from './archive-store.js';
import type {SyncEvent, SyncOptions, SyncResult} from './archive.js';
import {ChatReader} from './chat-reader.js';
import {CopyWriter} from './copy-writer.js';
import type {Pauses} from './pauses.js';
import {type FileSource, syncFiles} from './sync-files.js';

export interface SyncSource extends FileSource {
  chats: Pick<Chats, 'locations' | 'history' | 'byBot' | 'read'>;
  messages: Pick<Messages, 'citations'>;
  /** Whose chats on poe.com are listed; null if that is not known, or there are none. */
  account(signal?: AbortSignal): Promise<string | null>;
}

/** After so many chats that have not changed, older ones have not changed either: the newest are first. */
const unchangedBeforeEnd = 60;
const runLength = 50;
const dayMs = 86_400_000;

/** See `ChatArchive.sync`. */
export async function* syncChats(
  archive: ArchiveStore,
  source: SyncSource,
  pauses: Pauses,
  options: SyncOptions,
): AsyncGenerator<SyncEvent, void, undefined> {
  const now = new Date().toISOString();
  const {chats} = source;
  const {poe, local} = await chats.locations();
  const account = poe ? await accountOf(source, options.signal) : null;
  const sync = {archive, source, pauses, account, options};
  const {changed, added, seen, isComplete} = yield* listChanged(sync);
  const unchanged = seen.size - changed.length;
  const result: SyncResult = {chats: changed, added, unchanged, messages: 0, deleted: 0, files: 0, missingFiles: 0};
  if (!options.isDryRun) {
    const writer = new CopyWriter(archive, account);
    try {
      yield* copyChats(sync, changed, writer);
    } finally {
      writer.flush();
      result.messages = writer.changed;
    }
    if (isComplete) {
      const wasListed = (code: string, owner: string | null) =>
        isLocalCode(code) ? local : poe && owner !== null && owner === account;
      result.deleted = archive.markDeletedChats(seen, now, wasListed);
    }
    if (options.files) yield* syncFiles(archive.files, source, pauses, {...options, result});
    if (options.bot === undefined && options.since === undefined) {
      archive.finishSync(now, {isFull: isComplete, account});
    }
  }
  yield {type: 'done', result};
}

/** Chats can be copied without knowing whose they are. Then none is marked as deleted. */
async function accountOf(source: SyncSource, signal: AbortSignal | undefined): Promise<string | null> {
  try {
    return await source.account(signal);
  } catch (error) {
    if (error instanceof PoeError && skipped.has(error.code)) return null;
    throw error;
  }
}

interface Sync {
  archive: ArchiveStore;
  source: SyncSource;
  pauses: Pauses;
  account: string | null;
  options: SyncOptions;
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

async function* listChanged({archive, source, pauses, account, options}: Sync): AsyncGenerator<SyncEvent, Listing> {
  const {bot, since, isFull = false, isDryRun = false, signal} = options;
  const isFiltered = bot !== undefined || since !== undefined;
  // After a sync that was interrupted, chats that have changed follow those that it copied.
  const mayStop =
    !isFull && !isFiltered && isRecent(archive.lastSync({isFull: true, account})) && !archive.hasUncopied(account);
  const listOptions = {signal, minIntervalMs: pauses.pageMs};
  const list = bot === undefined ? source.chats.history(listOptions) : source.chats.byBot(bot, listOptions);
  const all: Chat[] = [];
  const changed: Chat[] = [];
  let isComplete = !isFiltered;
  let unchanged = 0;
  for await (const chat of list) {
    if (since && chat.lastInteractionTime !== null && new Date(chat.lastInteractionTime) < since) break;
    all.push(chat);
    yield {type: 'listed', count: all.length};
    const isCurrent = archive.isCurrent(chat);
    if (!isCurrent) changed.push(chat);
    unchanged = isCurrent ? unchanged + 1 : 0;
    if (mayStop && unchanged >= unchangedBeforeEnd) {
      isComplete = false;
      break;
    }
  }
  const added = changed.filter((chat) => !archive.isComplete(chat)).length;
  // Titles change without a new message.
  if (!isDryRun) archive.seeAll(all, account);
  return {changed, added, seen: new Set(all.map(chatName)), isComplete};
}

const isRecent = (time: string | null): boolean => time !== null && Date.now() - Date.parse(time) < dayMs;

/** While a chat is stored, the next one is already requested, unless poe has to pause before. There is never more than one request. */
async function* copyChats(sync: Sync, chats: readonly Chat[], writer: CopyWriter): AsyncGenerator<SyncEvent, void> {
  const {archive, source, pauses, options} = sync;
  const leaving = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal;
  const reader = new ChatReader(archive, source.chats, {signal, minIntervalMs: pauses.pageMs});
  try {
    const inOrder = chats.some((chat) => pauses.isNeededBefore(chat)) ? chats : reversedRuns(chats);
    for (const [count, chat] of inOrder.entries()) {
      yield {type: 'chat', chat, count, total: chats.length};
      if (count > 0 && pauses.isNeededBefore(chat)) {
        writer.flush();
        await pauses.beforeChat();
      }
      const copy = await reader.read(chat);
      if (!copy) continue;
      const hasCitations = copy.messages.some((message) => message.hasCitations);
      const next = inOrder[count + 1];
      if (next && !hasCitations && !pauses.isNeededBefore(next)) await reader.request(next);
      writer.add(copy);
      if (!hasCitations) continue;
      writer.flush();
      await copyCitations(sync, chat);
    }
  } finally {
    leaving.abort();
  }
}

/**
 * The chats of each run from the oldest to the newest, because the index of the archive grows fastest at its end. The runs stay in their
 * order, so that new chats are copied first.
 */
const reversedRuns = (chats: readonly Chat[]): Chat[] =>
  Array.from({length: Math.ceil(chats.length / runLength)}, (_, run) =>
    chats.slice(run * runLength, (run + 1) * runLength).toReversed(),
  ).flat();

/** Copies the sources that bots named. Those that cannot be had are left out: the messages are what matters. */
async function copyCitations({archive, source, pauses, options: {signal}}: Sync, chat: Chat): Promise<void> {
  for (const messageId of archive.withoutCitations(chat)) {
    await pauses.beforePage();
    try {
      archive.addCitations(chat, messageId, await source.messages.citations(messageId, {signal}));
    } catch (error) {
      if (!(error instanceof PoeError) || !skipped.has(error.code)) throw error;
    }
  }
}

const skipped: ReadonlySet<string> = new Set(['refused', 'stale_operation', 'not_understood', 'message_not_found']);
