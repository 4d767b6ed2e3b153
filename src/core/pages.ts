import {PoeError} from './errors.js';
import type {ListOptions} from './options.js';

/** How many items to request at once. */
export const pageSize = ({limit = maxPageSize}: ListOptions): number => Math.min(Math.max(1, limit), maxPageSize);

const maxPageSize = 50;

/** A page of a list, and where the next one starts. */
export interface Page<T> {
  /** Whether the server sent no items at all, not even malformed ones. */
  isEmpty: boolean;
  nodes: readonly T[];
  pageInfo: {
    hasNextPage: boolean | null;
    endCursor: string | null;
    hasPreviousPage: boolean | null;
    startCursor: string | null;
  } | null;
}

/**
 * The items of a list that is fetched page by page. A page is requested when its first item is. The list ends where the server
 * says so, at an empty page, and where the cursor is missing or does not change.
 * @throws PoeError if a page fails; the message says after how many items
 */
export async function* forwards<T>(
  page: (cursor: string | undefined) => Promise<Page<T>>,
  {limit = Number.POSITIVE_INFINITY}: ListOptions = {},
): AsyncGenerator<T, void, undefined> {
  if (limit < 1) return;
  let cursor: string | undefined;
  for (let count = 0; ;) {
    const {isEmpty, nodes, pageInfo} = await after(count, () => page(cursor));
    yield* nodes.slice(0, limit - count);
    count += nodes.length;
    if (count >= limit) return;
    const next = pageInfo?.endCursor ?? undefined;
    if (isEmpty || pageInfo?.hasNextPage === false || next === undefined || next === cursor) return;
    cursor = next;
  }
}

/**
 * As `forwards`, for a list whose first page is the newest and whose pages begin with their oldest item. Yields the newest item
 * first, and each item once.
 * @param key identifies an item; it is also the cursor if the server sends none
 */
export async function* backwards<T>(
  page: (cursor: string | undefined) => Promise<Page<T>>,
  key: (item: T) => string,
  {limit = Number.POSITIVE_INFINITY}: ListOptions = {},
): AsyncGenerator<T, void, undefined> {
  if (limit < 1) return;
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (;;) {
    const {isEmpty, nodes, pageInfo} = await after(seen.size, () => page(cursor));
    const fresh = nodes.filter((item) => !seen.has(key(item)));
    for (const item of fresh.toReversed()) {
      seen.add(key(item));
      yield item;
      if (seen.size >= limit) return;
    }
    const [oldest] = nodes;
    const next = pageInfo?.startCursor ?? (oldest === undefined ? undefined : key(oldest));
    if (isEmpty || fresh.length === 0 || pageInfo?.hasPreviousPage === false) return;
    if (next === undefined || next === cursor) return;
    cursor = next;
  }
}

async function after<T>(count: number, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof PoeError) || count === 0 || error.code === 'interrupted') throw error;
    throw error.with({message: `${error.message} (after the first ${count})`});
  }
}
