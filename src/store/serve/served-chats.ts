import {join} from 'node:path';
import * as v from 'valibot';
import type {Chat} from '../../core/model.js';
import type {Id} from '../../core/names/id.js';
import {writeAtomically} from '../files/atomic-write.js';
import {attempt} from '../files/errors.js';
import {readTextFile} from '../files/read-file.js';
import {withLock} from '../files/with-lock.js';
import {StoredChat} from '../stored-chat.js';

/** The oldest chats are forgotten: they stay on Poe, but are neither continued nor deleted as chats of the server. */
const maxChats = 1000;

/** The chats on poe.com that `poe serve` has started, newest first. Each method throws PoeError `store`. */
export interface ServedChats {
  /** The chat of a conversation. It is not found again before it is stored with another key, so that only one request continues it. */
  take(key: string): Promise<Chat | undefined>;
  /** Stores a chat. @param key of its conversation, or null if it cannot be continued */
  put(chat: Chat, key: string | null): Promise<void>;
  /** The numbers of all chats. */
  ids(): Promise<Set<Id>>;
  /** Forgets chats that were deleted. */
  remove(ids: Iterable<Id>): Promise<void>;
}

interface Entry {
  chat: Chat;
  /** A hash of the conversation: nothing of its text is stored. */
  key: string | null;
  /** The base URL of Poe. */
  site: string;
}

/**
 * The chats of a profile in their own file. Several processes may use it.
 * @param folder the one of the server; see `serveFolder`
 * @param site the base URL of Poe
 */
export function servedChats({folder, site}: {folder: string; site: string}): ServedChats {
  const path = join(folder, 'chats.json');
  const read = (): Entry[] => {
    try {
      return v.parse(Stored, JSON.parse(readTextFile(path)));
    } catch {
      return [];
    }
  };
  const change = (update: (entries: Entry[]) => Entry[]) =>
    withLock(path, () => {
      attempt('write', path, () => writeAtomically(path, JSON.stringify(update(read()).slice(0, maxChats))));
    });
  return createServedChats(new URL(site).origin, read, change);
}

/** Chats in memory. */
export function memoryServedChats(): ServedChats {
  let stored: Entry[] = [];
  return createServedChats(
    '',
    () => stored,
    async (update) => void (stored = update(stored).slice(0, maxChats)),
  );
}

function createServedChats(
  site: string,
  read: () => Entry[],
  change: (update: (entries: Entry[]) => Entry[]) => Promise<void>,
): ServedChats {
  return {
    async take(key) {
      const hasKey = (entry: Entry) => entry.key === key && entry.site === site;
      if (!read().some(hasKey)) return undefined;
      let taken: Chat | undefined;
      await change((entries) => {
        const found = entries.find(hasKey);
        taken = found?.chat;
        return entries.map((entry) => (entry === found ? {...entry, key: null} : entry));
      });
      return taken;
    },
    // Without the title, which quotes the conversation.
    put: ({id, chatId, chatCode, bot}, key) =>
      change((entries) => [
        {chat: {id, chatId, chatCode, title: null, bot, lastInteractionTime: null}, key, site},
        ...entries.filter((entry) => entry.chat.chatId !== chatId || entry.site !== site),
      ]),
    ids: async () => new Set(read().flatMap((entry) => (entry.site === site ? [entry.chat.chatId] : []))),
    async remove(ids) {
      const removed = new Set(ids);
      const isRemoved = (entry: Entry) => entry.site === site && removed.has(entry.chat.chatId);
      if (read().some(isRemoved)) await change((entries) => entries.filter((entry) => !isRemoved(entry)));
    },
  };
}

const Stored: v.GenericSchema<unknown, Entry[]> = v.array(
  v.looseObject({chat: StoredChat, key: v.nullable(v.string()), site: v.string()}),
);
