import {expect, test} from 'vitest';
import {PoeError} from '../../src/core/errors.js';
import {backwards, forwards, type Page} from '../../src/core/pages.js';

/* Lists in pages: the items and the requests that follow from given pages. */

const pageInfo = {hasNextPage: null, endCursor: null, hasPreviousPage: null, startCursor: null};

function page<T>(nodes: readonly T[], info: Partial<Page<T>['pageInfo'] & object> = {}): Page<T> {
  return {isEmpty: nodes.length === 0, nodes, pageInfo: {...pageInfo, ...info}};
}

/** A server of pages that records the requested cursors. */
function server<T>(pages: readonly (Page<T> | PoeError)[]) {
  const requested: (string | undefined)[] = [];
  return {
    requested,
    async answer(cursor: string | undefined): Promise<Page<T>> {
      requested.push(cursor);
      const found = pages[requested.length - 1];
      if (!found) throw new Error(`there is no page ${requested.length}`);
      if (found instanceof PoeError) throw found;
      return found;
    },
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test('a list ends at the page that has no next page', async () => {
  const {answer, requested} = server([
    page([1, 2], {hasNextPage: true, endCursor: 'a'}),
    page([3], {hasNextPage: false, endCursor: 'b'}),
  ]);
  expect(await all(forwards(answer, String))).toEqual([1, 2, 3]);
  expect(requested).toEqual([undefined, 'a']);
});

test('a list ends at an empty page, without a cursor, and at a repeated cursor', async () => {
  expect(
    await all(forwards(server([page([1], {endCursor: 'a'}), page<number>([], {endCursor: 'b'})]).answer, String)),
  ).toEqual([1]);
  expect(await all(forwards(server([page([1], {hasNextPage: true})]).answer, String))).toEqual([1]);
  expect(await all(forwards(server([{...page([1]), pageInfo: null}]).answer, String))).toEqual([1]);
  const stuck = server([
    page([1], {hasNextPage: true, endCursor: 'a'}),
    page([2], {hasNextPage: true, endCursor: 'a'}),
  ]);
  expect(await all(forwards(stuck.answer, String))).toEqual([1, 2]);
});

test('a page of unreadable items does not end a list', async () => {
  const odd = {...page<number>([], {hasNextPage: true, endCursor: 'a'}), isEmpty: false};
  expect(await all(forwards(server([odd, page([2], {hasNextPage: false})]).answer, String))).toEqual([2]);
});

test('a page is requested only when its first item is read', async () => {
  const {answer, requested} = server([page([1, 2], {hasNextPage: true, endCursor: 'a'}), page([3])]);
  for await (const item of forwards(answer, String)) if (item === 2) break;
  expect(requested).toEqual([undefined]);
  expect(await all(forwards(answer, String, {limit: 0}))).toEqual([]);
  expect(requested).toEqual([undefined]);
});

test('no page is requested after the limit is reached', async () => {
  const {answer, requested} = server([page([1, 2, 3], {hasNextPage: true, endCursor: 'a'})]);
  expect(await all(forwards(answer, String, {limit: 3}))).toEqual([1, 2, 3]);
  expect(await all(forwards(server([page([1, 2, 3])]).answer, String, {limit: 2}))).toEqual([1, 2]);
  expect(requested).toEqual([undefined]);
});

test('the error of a failed page contains the number of items before it', async () => {
  const failure = new PoeError('unavailable', 'Internal server error', {hint: 'Try again.'});
  const {answer} = server([page([1, 2], {hasNextPage: true, endCursor: 'a'}), failure]);
  const received: number[] = [];
  const error: unknown = await (async () => {
    for await (const item of forwards(answer, String)) received.push(item);
  })().catch((thrown: unknown) => thrown);
  expect(received).toEqual([1, 2]);
  expect(error).toMatchObject({
    code: 'unavailable',
    message: 'Internal server error (after the first 2)',
    hint: 'Try again.',
    retryable: true,
  });
});

test('messages are listed once each, newest first', async () => {
  const {answer, requested} = server([
    page([5, 6], {hasPreviousPage: true, startCursor: '5'}),
    page([3, 4, 5], {hasPreviousPage: true, startCursor: '3'}),
    page([1, 2], {hasPreviousPage: false, startCursor: '1'}),
  ]);
  expect(await all(backwards(answer, String))).toEqual([6, 5, 4, 3, 2, 1]);
  expect(requested).toEqual([undefined, '5', '3']);
});

test('without a cursor the oldest message is used, and a page without new messages ends the list', async () => {
  const {answer, requested} = server([page([5, 6], {hasPreviousPage: true}), page([5, 6], {hasPreviousPage: true})]);
  expect(await all(backwards(answer, String))).toEqual([6, 5]);
  expect(requested).toEqual([undefined, '5']);
  expect(await all(backwards(server([page([5, 6], {hasPreviousPage: true})]).answer, String, {limit: 1}))).toEqual([6]);
});

/** A server that answers every request. */
function endlessServer<T>(answer: (requests: number) => Page<T>) {
  let requests = 0;
  return {
    get requests() {
      return requests;
    },
    page: async () => answer(++requests),
  };
}

const next = (cursor: string) => ({hasNextPage: true, endCursor: cursor, hasPreviousPage: true, startCursor: cursor});
const fast = {minIntervalMs: 0};

test.each([forwards, backwards])('$name: a list ends when its cursors repeat', async (list) => {
  const endless = endlessServer((count) => page([count], next(count % 2 ? 'a' : 'b')));
  expect(await all(list(endless.page, String, fast))).toEqual([1, 2, 3]);
});

test.each([forwards, backwards])(
  '$name: a list ends at a page that repeats items, whatever its cursor',
  async (list) => {
    const endless = endlessServer((count) => page([7, 8], next(`cursor ${count}`)));
    expect(new Set(await all(list(endless.page, String, fast)))).toEqual(new Set([7, 8]));
    expect(endless.requests).toBe(2);
  },
);

test.each([forwards, backwards])('$name: two pages in a row without a readable item are an error', async (list) => {
  const endless = endlessServer((count) =>
    count === 1 ? page([1], next('a')) : {...page<number>([], next(`cursor ${count}`)), isEmpty: false},
  );
  await expect(all(list(endless.page, String, fast))).rejects.toMatchObject({
    code: 'not_understood',
    message: 'Poe sent a list in an unknown format (after the first 1)',
  });
  expect(endless.requests).toBe(3);
});

test('a list of which no item can be read is an error, not an empty list', async () => {
  const odd = {...page<number>([], {hasNextPage: false}), isEmpty: false};
  await expect(all(forwards(server([odd]).answer, String))).rejects.toMatchObject({code: 'not_understood'});
});

test('a list that does not end is an error after the last allowed page', async () => {
  const endless = endlessServer((count) => page([count], next(`cursor ${count}`)));
  await expect(all(forwards(endless.page, String, {...fast, maxPages: 50}))).rejects.toMatchObject({
    code: 'not_understood',
    message: 'A list of Poe has more than 50 pages (after the first 50)',
  });
  expect(endless.requests).toBe(50);
});

test('the pause before the next page can be aborted', async () => {
  const stop = new AbortController();
  const list = forwards(server([page([1], next('a'))]).answer, String, {signal: stop.signal, minIntervalMs: 60_000});
  await list.next();
  const second = list.next();
  stop.abort();
  await expect(second).rejects.toMatchObject({code: 'interrupted'});
});
