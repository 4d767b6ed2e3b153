import {ServerError} from '../server/errors.js';

/** One page of a list, as GraphQL gives it; the cursor is the place in the list. @throws ServerError for a cursor it did not give */
export function pageOf<T>(nodes: readonly T[], count: number, cursor: string | null | undefined) {
  const start = Number(cursor ?? 0);
  if (count < 1 || !/^\d*$/.test(cursor ?? '')) throw new ServerError();
  const page = nodes.slice(start, start + count);
  const end = start + page.length;
  return {
    edges: page.map((node, index) => edgeOf(node, String(start + index + 1))),
    pageInfo: pageInfo(page.length > 0 ? String(end) : null, end < nodes.length),
  };
}

export const edgeOf = <T>(node: T, cursor: string) => ({
  id: Buffer.from(`Edge:${cursor}`).toString('base64'),
  cursor,
  node,
});

export const pageInfo = (endCursor: string | null, hasNextPage: boolean) => ({
  endCursor,
  hasNextPage,
  startCursor: null,
  hasPreviousPage: false,
});
