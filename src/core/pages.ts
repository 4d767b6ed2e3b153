import {PoeError} from './errors.js';
import type {ListOptions} from './options.js';

/** How many items to ask for at once, where so many are wanted. */
export const pageSize = ({limit = mostAPage}: ListOptions): number => Math.min(Math.max(1, limit), mostAPage);
const mostAPage = 50;

/** One page of a list, and where the next one is. */
export interface Page<T> {
  /** Whether the server gave nothing at all, not even things that could not be read. */
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
 * A list of pages as one list of items. A page is asked for only when its first item is wanted. The list ends where the
 * server says so, at an empty page, and where the cursor is missing or does not move.
 * @throws PoeError of a page that fails; its message tells how many items came before
 */
export async function* forwards<T>(
  page: (cursor: string | undefined) => Promise<Page<T>>,
  {limit = Number.POSITIVE_INFINITY}: ListOptions = {},
): AsyncGenerator<T, void, undefined> {
  if (limit < 1) return;
  let cursor: string | undefined;
  for (let got = 0; ;) {
    const {isEmpty, nodes, pageInfo} = await after(got, () => page(cursor));
    yield* nodes.slice(0, limit - got);
    got += nodes.length;
    if (got >= limit) return;
    const next = pageInfo?.endCursor ?? undefined;
    if (isEmpty || pageInfo?.hasNextPage === false || next === undefined || next === cursor) return;
    cursor = next;
  }
}

/**
 * As `forwards`, for a list whose newest page comes first and whose pages have the oldest item first. Items come newest first,
 * each once.
 * @param key what an item is known by, which also is the cursor where the server gives none
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

async function after<T>(got: number, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof PoeError) || got === 0 || error.code === 'interrupted') throw error;
    throw new PoeError(error.code, `${error.message} (the first ${got} came)`, {
      ...error.facts,
      hint: error.hint,
      cause: error,
    });
  }
}
