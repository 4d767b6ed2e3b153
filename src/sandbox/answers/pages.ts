import type {SandboxSite} from '../site/site.js';
import type {Chat} from '../world/chat.js';
import {ServerError} from './answers.js';
import {chatNode, messageNode} from './nodes.js';

/**
 * A page of a list as a GraphQL connection. The cursor is the index of the next item.
 * @throws ServerError if the cursor is not a number or the count is less than 1
 */
export function listPage<T>(nodes: readonly T[], count: number, cursor: string | null | undefined) {
  const start = Number(cursor ?? 0);
  if (count < 1 || !/^\d*$/.test(cursor ?? '')) throw new ServerError();
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
export function chatsPage(chats: readonly Chat[], count: number, cursor: string | null | undefined) {
  if (count < 1 || !/^\d*$/.test(cursor ?? '')) throw new ServerError();
  const older = chats.filter(({lastUs}) => !cursor || lastUs < Number(cursor));
  const page = older.slice(0, count);
  const last = page.at(-1);
  return {
    edges: page.map((chat) => edgeOf(chatNode(chat), String(chat.lastUs))),
    pageInfo: pageInfo(last ? String(last.lastUs) : null, page.length < older.length),
  };
}

/**
 * A page of a chat's messages: the newest ones before the cursor, oldest first.
 * @param cursor a message id; null or "0" for the newest page
 * @throws ServerError as {@link listPage}
 */
export function messagesPage({messages}: Chat, site: SandboxSite, count: number, cursor: string | null) {
  if (count < 1 || !/^\d+$/.test(cursor ?? '0')) throw new ServerError();
  const older = messages.filter(({messageId}) => Number(cursor) === 0 || messageId < Number(cursor));
  const page = older.slice(-count);
  return {
    edges: page.map((message) => edgeOf(messageNode(message, site), String(message.messageId))),
    pageInfo: {
      ...pageInfo(null, false),
      startCursor: page[0] ? String(page[0].messageId) : null,
      hasPreviousPage: page.length < older.length,
    },
  };
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
