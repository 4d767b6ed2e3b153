import type {ArchivedChat, ArchivedMessage} from '../../core/archive/archive-store.js';
import type {Database} from '../database/database.js';
import {messagesWhere} from './query.js';
import {ChatRow, toChat} from './rows.js';

export interface ChatPage {
  /** Default: 0. */
  offset?: number;
  /** Default: all. */
  limit?: number;
}

/** The chats whose messages have been copied, the one used last first. */
export function storedChats(database: Database, {offset = 0, limit = -1}: ChatPage): ArchivedChat[] {
  const rows = database.all(
    ChatRow,
    'SELECT id, data, deleted FROM chats WHERE copied IS NOT NULL ORDER BY used DESC, id DESC LIMIT ? OFFSET ?',
    [limit, offset],
  );
  return rows.map(toChat);
}

/** A chat and its messages, oldest first; undefined if there is none with this code. */
export function storedChat(
  database: Database,
  code: string,
): {chat: ArchivedChat; messages: ArchivedMessage[]} | undefined {
  const row = database.first(ChatRow, 'SELECT id, data, deleted FROM chats WHERE code = ?', [code]);
  if (!row) return undefined;
  const newestFirst = messagesWhere(database, {condition: 'm.chat = ?', values: [row.id]});
  return {chat: toChat(row), messages: [...newestFirst].toReversed()};
}
