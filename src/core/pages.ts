/** One page of a list that goes forwards. */
export interface Page<T> {
  nodes: readonly T[];
  pageInfo: {hasNextPage: boolean | null; endCursor: string | null} | null;
}

/**
 * A list of pages as one list of items. A page is asked for only when its first item is wanted. The list ends where the
 * server says so, at an empty page, and where the cursor is missing or does not move.
 */
export async function* forwards<T>(
  page: (cursor: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined;
  for (;;) {
    const {nodes, pageInfo} = await page(cursor);
    yield* nodes;
    const next = pageInfo?.endCursor ?? undefined;
    if (nodes.length === 0 || pageInfo?.hasNextPage === false || next === undefined || next === cursor) return;
    cursor = next;
  }
}
