import {setTimeout} from 'node:timers/promises';
import {interruption, PoeError} from './errors.js';
import type {ListOptions} from './options.js';

/** How many items to request at once. */
export const pageSize = ({limit = maxPageSize}: ListOptions): number => Math.min(Math.max(1, limit), maxPageSize);

const maxPageSize = 50;

/** A page of a list, and where the next one starts. */
export interface Page<T> {
  /** Whether the server sent no items at all, not even malformed ones. */
  isEmpty: boolean;
  nodes: readonly T[];
  /** How many items the server sent that are malformed. Default: 0. */
  unreadable?: number;
  pageInfo: {
    hasNextPage: boolean | null;
    endCursor: string | null;
    hasPreviousPage: boolean | null;
    startCursor: string | null;
  } | null;
}

interface PageOptions extends ListOptions {
  /** Default: 1000. */
  maxPages?: number;
  /** Called for each page with malformed items, which are left out. */
  onUnreadable?: ((count: number) => void) | undefined;
}

/**
 * The items of a list that is fetched page by page, each item once. A page is requested when its first item is. The list ends where
 * the server says so, at an empty page, at a page without new items, and where the cursor is missing or was used before.
 * @param key identifies an item
 * @throws PoeError if a page fails; the message says after how many items. `not_understood` after two pages in a row without a
 *   readable item, or if the list does not end
 */
export function forwards<T>(
  page: RequestPage<T>,
  key: (item: T) => string,
  options: PageOptions = {},
): AsyncGenerator<T, void, undefined> {
  const next = ({pageInfo}: Page<T>) => (pageInfo?.hasNextPage === false ? null : pageInfo?.endCursor);
  return newItems(page, {...options, key, next});
}

/**
 * As `forwards`, for a list whose first page is the newest and whose pages begin with their oldest item. Yields the newest item
 * first.
 * @param key is also the cursor if the server sends none
 */
export function backwards<T>(
  page: RequestPage<T>,
  key: (item: T) => string,
  options: PageOptions = {},
): AsyncGenerator<T, void, undefined> {
  const newestFirst: RequestPage<T> = async (cursor) => {
    const {nodes, ...rest} = await page(cursor);
    return {...rest, nodes: nodes.toReversed()};
  };
  const next = ({nodes, pageInfo}: Page<T>) => {
    if (pageInfo?.hasPreviousPage === false) return null;
    const oldest = nodes.at(-1);
    return pageInfo?.startCursor ?? (oldest === undefined ? null : key(oldest));
  };
  return newItems(newestFirst, {...options, key, next});
}

type RequestPage<T> = (cursor: string | undefined) => Promise<Page<T>>;

interface Listing<T> extends PageOptions {
  key: (item: T) => string;
  /** The cursor of the page after this one; null or undefined if it is the last. */
  next: (page: Page<T>) => string | null | undefined;
}

/** The new items of all pages. Each `yield*` would make promises of its own for each item. */
async function* newItems<T>(
  request: RequestPage<T>,
  // Other programs for Poe wait 200 ms, too (2026).
  {
    limit = Number.POSITIVE_INFINITY,
    minIntervalMs = 200,
    maxPages = 1_000,
    onUnreadable,
    signal,
    key,
    next,
  }: Listing<T>,
): AsyncGenerator<T, void, undefined> {
  if (limit < 1) return;
  const seen = new Set<string>();
  const cursors = new Set<string>();
  let cursor: string | undefined;
  let unreadablePages = 0;
  for (let pages = 0; pages < maxPages; pages++) {
    const requestedAt = performance.now();
    const page = await withCount(seen.size, () => request(cursor));
    if (page.unreadable) onUnreadable?.(page.unreadable);
    const items: T[] = [];
    for (const item of page.nodes) {
      if (seen.size >= limit || seen.has(key(item))) continue;
      seen.add(key(item));
      items.push(item);
    }
    for (const item of items) yield item;
    if (seen.size >= limit) return;
    const isUnreadable = !page.isEmpty && page.nodes.length === 0;
    unreadablePages = isUnreadable ? unreadablePages + 1 : 0;
    const following = next(page) ?? undefined;
    const isLast = (items.length === 0 && !isUnreadable) || following === undefined || cursors.has(following);
    if (unreadablePages > 1 || (isLast && isUnreadable && seen.size === 0)) throw unreadableList(seen.size);
    if (isLast) return;
    cursors.add(following);
    cursor = following;
    await setTimeout(requestedAt + minIntervalMs - performance.now(), undefined, {signal}).catch(() => {
      throw interruption(signal);
    });
  }
  throw endlessList(maxPages, seen.size);
}

const unreadableList = (count: number): PoeError => listError('Poe sent a list in an unknown format', count);
const endlessList = (pages: number, count: number): PoeError =>
  listError(`A list of Poe has more than ${pages} pages`, count);

const listError = (message: string, count: number): PoeError =>
  new PoeError('not_understood', message + after(count), {
    hint: 'The site may have changed. Look for a newer version of poe.',
  });

const after = (count: number): string => (count === 0 ? '' : ` (after the first ${count})`);

async function withCount<T>(count: number, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (!(error instanceof PoeError) || error.code === 'interrupted' || count === 0) throw error;
    throw error.with({message: `${error.message}${after(count)}`});
  }
}
