import type {Chats, Messages} from '../client.js';
import {isUnreadable, maxUnreadableChats, type PoeError} from '../errors.js';
import type {Chat} from '../model.js';
import {chatName, isLocalCode} from '../names/chat-ref.js';
import type {ArchiveStore, ChatCopy, ChatWriter} from './archive-store.js';
import type {SyncEvent, SyncOptions, SyncResult} from './archive.js';
import {ChatReader} from './chat-reader.js';
import {type Listing, listChanged} from './list-changed.js';
import type {Pauses} from './pauses.js';
import {type FileSource, syncFiles} from './sync-files.js';

export interface SyncSource extends FileSource {
  chats: Pick<Chats, 'locations' | 'history' | 'byBot' | 'read'>;
  messages: Pick<Messages, 'citations'>;
  /** Whose chats on poe.com are listed; null if that is not known, or there are none. */
  account(signal?: AbortSignal): Promise<string | null>;
}

const runLength = 50;

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
  const wasListed = (code: string, owner: string | null) =>
    isLocalCode(code) ? local : poe && owner !== null && owner === account;
  const {changed, known, count, isComplete, missing} = yield* listChanged({...sync, wasListed});
  const added = changed.length - known.size;
  const unchanged = count - changed.length;
  const result: SyncResult = {chats: changed, added, unchanged, messages: 0, deleted: 0, files: 0, missingFiles: 0};
  if (!options.isDryRun) {
    const writer = await archive.openWriter(account);
    let failure: PoeError | undefined;
    try {
      failure = yield* copyChats(sync, {changed, known}, writer);
    } finally {
      writer.flush();
      result.messages = writer.changed;
    }
    archive.markDeletedChats(missing, now);
    result.deleted = missing.length;
    if (options.files) yield* syncFiles(archive.files, source, pauses, {...options, result});
    if (failure) throw failure;
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
    if (isUnreadable(error)) return null;
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

/** @returns the first error of a chat that alone cannot be read: it must not keep the others from being copied */
async function* copyChats(
  sync: Sync,
  {changed, known}: Pick<Listing, 'changed' | 'known'>,
  writer: ChatWriter,
): AsyncGenerator<SyncEvent, PoeError | undefined> {
  const {archive, source, pauses, options} = sync;
  let failure: PoeError | undefined;
  let failuresInARow = 0;
  const leaving = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, leaving.signal]) : leaving.signal;
  const reader = new ChatReader({archive, known}, source.chats, {signal, minIntervalMs: pauses.pageMs});
  try {
    const inOrder = changed.some((chat) => pauses.isNeededBefore(chat)) ? changed : reversedRuns(changed);
    for (const [count, chat] of inOrder.entries()) {
      yield {type: 'chat', chat, count, total: changed.length};
      if (count > 0 && pauses.isNeededBefore(chat)) {
        writer.flush();
        await pauses.beforeChat();
      }
      const next = inOrder[count + 1];
      let copy: ChatCopy | undefined;
      try {
        copy = await reader.read(chat, next && !pauses.isNeededBefore(next) ? next : undefined);
        failuresInARow = 0;
      } catch (error) {
        if (!isUnreadable(error) || ++failuresInARow === maxUnreadableChats) throw error;
        failure ??= error.with({message: `Could not copy the chat ${chatName(chat)}: ${error.message}`});
      }
      if (!copy) continue;
      writer.add(copy);
      if (!copy.messages.some((message) => message.hasCitations)) continue;
      await reader.settle();
      writer.flush();
      await copyCitations(sync, chat);
    }
    return failure;
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
      if (!isUnreadable(error)) throw error;
    }
  }
}
