import type {Chat} from '../world/chat.js';
import {edgeOf, pageInfo} from './pages.js';
import {chatNode, messageNode} from './nodes.js';
import {ServerError} from '../server/errors.js';
import type {World} from '../world/world.js';

/** One page of chats, newest first; the cursor is the time of the last one shown. @throws ServerError for a cursor it did not give */
export function chatsPage(chats: readonly Chat[], count: number, cursor: string | null | undefined) {
  if (count < 1 || !/^\d*$/.test(cursor ?? '')) throw new ServerError();
  const older = chats.filter(({lastUs}) => !cursor || lastUs < Number(cursor));
  const shown = older.slice(0, count);
  const last = shown.at(-1);
  return {
    edges: shown.map((chat) => edgeOf(chatNode(chat), String(chat.lastUs))),
    pageInfo: pageInfo(last ? String(last.lastUs) : null, shown.length < older.length),
  };
}

/**
 * The newest of those messages of a chat that are older than the cursor, oldest first.
 * @param cursor number of a message; null or "0" for the newest page
 * @throws ServerError for anything else
 */
export function messagesPage({messages}: Chat, world: World, count: number, cursor: string | null) {
  if (count < 1 || !/^\d+$/.test(cursor ?? '0')) throw new ServerError();
  const older = messages.filter(({messageId}) => Number(cursor) === 0 || messageId < Number(cursor));
  const shown = older.slice(-count);
  return {
    edges: shown.map((message) => edgeOf(messageNode(message, world), String(message.messageId))),
    pageInfo: {
      ...pageInfo(null, false),
      startCursor: shown[0] ? String(shown[0].messageId) : null,
      hasPreviousPage: shown.length < older.length,
    },
  };
}
