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
  expect(await all(forwards(answer))).toEqual([1, 2, 3]);
  expect(requested).toEqual([undefined, 'a']);
});

test('a list ends at an empty page, without a cursor, and at a repeated cursor', async () => {
  expect(await all(forwards(server([page([1], {endCursor: 'a'}), page<number>([], {endCursor: 'b'})]).answer))).toEqual(
    [1],
  );
  expect(await all(forwards(server([page([1], {hasNextPage: true})]).answer))).toEqual([1]);
  expect(await all(forwards(server([{...page([1]), pageInfo: null}]).answer))).toEqual([1]);
  const stuck = server([
    page([1], {hasNextPage: true, endCursor: 'a'}),
    page([2], {hasNextPage: true, endCursor: 'a'}),
  ]);
  expect(await all(forwards(stuck.answer))).toEqual([1, 2]);
});

test('a page of unreadable items does not end a list', async () => {
  const odd = {...page<number>([], {hasNextPage: true, endCursor: 'a'}), isEmpty: false};
  expect(await all(forwards(server([odd, page([2], {hasNextPage: false})]).answer))).toEqual([2]);
});

test('a page is requested only when its first item is read', async () => {
  const {answer, requested} = server([page([1, 2], {hasNextPage: true, endCursor: 'a'}), page([3])]);
  for await (const item of forwards(answer)) if (item === 2) break;
  expect(requested).toEqual([undefined]);
  expect(await all(forwards(answer, {limit: 0}))).toEqual([]);
  expect(requested).toEqual([undefined]);
});

test('no page is requested after the limit is reached', async () => {
  const {answer, requested} = server([page([1, 2, 3], {hasNextPage: true, endCursor: 'a'})]);
  expect(await all(forwards(answer, {limit: 3}))).toEqual([1, 2, 3]);
  expect(await all(forwards(server([page([1, 2, 3])]).answer, {limit: 2}))).toEqual([1, 2]);
  expect(requested).toEqual([undefined]);
});

test('the error of a failed page contains the number of items before it', async () => {
  const failure = new PoeError('unavailable', 'Internal server error', {hint: 'Try again.'});
  const {answer} = server([page([1, 2], {hasNextPage: true, endCursor: 'a'}), failure]);
  const received: number[] = [];
  const error: unknown = await (async () => {
    for await (const item of forwards(answer)) received.push(item);
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
