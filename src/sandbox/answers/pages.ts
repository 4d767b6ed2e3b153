import type {SandboxSite} from '../site/site.js';
import type {Chat} from '../world/chat.js';
import {ServerError} from './answers.js';
import {chatNode, messagePageNode} from './nodes.js';

type Cursor = string | number | null | undefined;

/**
 * A page of a list as a GraphQL connection. The cursor is the index of the next item.
 * @throws ServerError if the cursor is not a number or the count is less than 1
 */
export function listPage<T>(nodes: readonly T[], count: number, cursor: Cursor) {
  const start = positionOf(cursor);
  if (count < 1) throw new ServerError();
  const page = nodes.slice(start, start + count);
  const end = start + page.length;
  return {
    edges: page.map((node, index) => edgeOf(node, String(start + index + 1))),
    pageInfo: pageInfo(page.length > 0 ? String(end) : null, end < nodes.length),
  };
}

/**
 * A page of chats, newest first. The cursor is the time of the last chat of the previous page.
 * @throws ServerError as {@link listPage}
 */
export function chatsPage(chats: readonly Chat[], count: number, cursor: Cursor) {
  const position = positionOf(cursor);
  if (count < 1) throw new ServerError();
  const start = position === 0 ? 0 : firstOlder(chats, position);
  const page = chats.slice(start, start + count);
  const last = page.at(-1);
  return {
    edges: page.map((chat) => edgeOf(chatNode(chat), String(chat.lastUs))),
    pageInfo: pageInfo(last ? String(last.lastUs) : null, start + page.length < chats.length),
  };
}

/** The index of the first chat that was last used before a time, by binary search. */
function firstOlder(chats: readonly Chat[], timeUs: number): number {
  let [from, to] = [0, chats.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((chats[middle]?.lastUs ?? 0) < timeUs) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * A page of a chat's messages: the newest ones before the cursor, oldest first.
 * @param cursor a message id; null or "0" for the newest page
 * @throws ServerError as {@link listPage}
 */
export function messagesPage({messages}: Chat, site: SandboxSite, count: number, cursor: Cursor) {
  const position = positionOf(cursor);
  if (count < 1 || cursor === '') throw new ServerError();
  const older = messages.filter(({messageId}) => position === 0 || messageId < position);
  const page = older.slice(-count);
  return {
    edges: page.map((message) => edgeOf(messagePageNode(message, site), String(message.messageId))),
    pageInfo: {
      ...pageInfo(null, false),
      startCursor: page[0] ? String(page[0].messageId) : null,
      hasPreviousPage: page.length < older.length,
    },
  };
}

/** A cursor as a number; 0 if there is none. @throws ServerError if it is not a whole number */
function positionOf(cursor: Cursor): number {
  if (!/^\d*$/.test(String(cursor ?? ''))) throw new ServerError();
  return Number(cursor ?? 0);
}

export const edgeOf = <T>(node: T, cursor: string) => ({
  id: Buffer.from(`Edge:${cursor}`).toString('base64'),
  cursor,
  node,
});

const pageInfo = (endCursor: string | null, hasNextPage: boolean) => ({
  endCursor,
  hasNextPage,
  startCursor: null,
  hasPreviousPage: false,
});
