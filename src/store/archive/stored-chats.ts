import * as v from 'valibot';
import type {Chat, Message} from '../../core/model.js';
import type {Database} from '../database/database.js';

const Json = v.pipe(v.string(), v.parseJson());
const ChatRow = v.object({id: v.number(), data: Json});
const MessageRow = v.object({text: v.string(), data: Json});

export interface ChatPage {
  offset: number;
  limit: number;
}

/** The chats whose messages have been copied, the one used last first. */
export function storedChats(database: Database, {offset, limit}: ChatPage): Chat[] {
  const rows = database.all(
    ChatRow,
    'SELECT id, data FROM chats WHERE copied IS NOT NULL ORDER BY used DESC, id DESC LIMIT ? OFFSET ?',
    [limit, offset],
  );
  // poe wrote it.
  return rows.map(({data}) => data as Chat);
}

/** A chat and its messages, oldest first; undefined if there is none with this code. */
export function storedChat(database: Database, code: string): {chat: Chat; messages: Message[]} | undefined {
  const row = database.first(ChatRow, 'SELECT id, data FROM chats WHERE code = ?', [code]);
  if (!row) return undefined;
  const messages = database.all(MessageRow, 'SELECT text, data FROM messages WHERE chat = ? ORDER BY id', [row.id]);
  // poe wrote both.
  return {
    chat: row.data as Chat,
    messages: messages.map(({text, data}) => Object.assign(data as Omit<Message, 'text'>, {text})),
  };
}
