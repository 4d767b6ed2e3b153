import {expect, test} from 'vitest';
import {PoeError} from '../../src/core/errors.js';
import {backwards, forwards, type Page} from '../../src/core/pages.js';

/* Lists that come page by page: recorded pages in, the items and the questions out. */

const pageInfo = {hasNextPage: null, endCursor: null, hasPreviousPage: null, startCursor: null};

function page<T>(nodes: readonly T[], info: Partial<Page<T>['pageInfo'] & object> = {}): Page<T> {
  return {isEmpty: nodes.length === 0, nodes, pageInfo: {...pageInfo, ...info}};
}

/** A server of pages, and the cursors it was asked for. */
function server<T>(pages: readonly (Page<T> | PoeError)[]) {
  const asked: (string | undefined)[] = [];
  return {
    asked,
    async answer(cursor: string | undefined): Promise<Page<T>> {
      asked.push(cursor);
      const found = pages[asked.length - 1];
      if (!found) throw new Error(`there is no page ${asked.length}`);
      if (found instanceof PoeError) throw found;
      return found;
    },
  };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const got: T[] = [];
  for await (const item of items) got.push(item);
  return got;
}

test('a list ends where the server says so', async () => {
  const {answer, asked} = server([
    page([1, 2], {hasNextPage: true, endCursor: 'a'}),
    page([3], {hasNextPage: false, endCursor: 'b'}),
  ]);
  expect(await all(forwards(answer))).toEqual([1, 2, 3]);
  expect(asked).toEqual([undefined, 'a']);
});

test('a list ends at an empty page, without a cursor, and at a cursor that does not move', async () => {
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

test('a page whose items cannot be read is not the end', async () => {
  const odd = {...page<number>([], {hasNextPage: true, endCursor: 'a'}), isEmpty: false};
  expect(await all(forwards(server([odd, page([2], {hasNextPage: false})]).answer))).toEqual([2]);
});

test('no page is asked for before its first item is wanted', async () => {
  const {answer, asked} = server([page([1, 2], {hasNextPage: true, endCursor: 'a'}), page([3])]);
  for await (const item of forwards(answer)) if (item === 2) break;
  expect(asked).toEqual([undefined]);
  expect(await all(forwards(answer, {limit: 0}))).toEqual([]);
  expect(asked).toEqual([undefined]);
});

test('a limit that a page fills asks for no further one', async () => {
  const {answer, asked} = server([page([1, 2, 3], {hasNextPage: true, endCursor: 'a'})]);
  expect(await all(forwards(answer, {limit: 3}))).toEqual([1, 2, 3]);
  expect(await all(forwards(server([page([1, 2, 3])]).answer, {limit: 2}))).toEqual([1, 2]);
  expect(asked).toEqual([undefined]);
});

test('a page that fails is an error that tells how much had come', async () => {
  const failure = new PoeError('unavailable', 'Poe has an error of its own', {hint: 'Try again.'});
  const {answer} = server([page([1, 2], {hasNextPage: true, endCursor: 'a'}), failure]);
  const got: number[] = [];
  const error: unknown = await (async () => {
    for await (const item of forwards(answer)) got.push(item);
  })().catch((thrown: unknown) => thrown);
  expect(got).toEqual([1, 2]);
  expect(error).toMatchObject({
    code: 'unavailable',
    message: 'Poe has an error of its own (after the first 2)',
    hint: 'Try again.',
    retryable: true,
  });
});

test('messages come newest first, each once, back to the beginning', async () => {
  const {answer, asked} = server([
    page([5, 6], {hasPreviousPage: true, startCursor: '5'}),
    page([3, 4, 5], {hasPreviousPage: true, startCursor: '3'}),
    page([1, 2], {hasPreviousPage: false, startCursor: '1'}),
  ]);
  expect(await all(backwards(answer, String))).toEqual([6, 5, 4, 3, 2, 1]);
  expect(asked).toEqual([undefined, '5', '3']);
});

test('without a cursor the oldest message is one, and a page with nothing new is the end', async () => {
  const {answer, asked} = server([page([5, 6], {hasPreviousPage: true}), page([5, 6], {hasPreviousPage: true})]);
  expect(await all(backwards(answer, String))).toEqual([6, 5]);
  expect(asked).toEqual([undefined, '5']);
  expect(await all(backwards(server([page([5, 6], {hasPreviousPage: true})]).answer, String, {limit: 1}))).toEqual([6]);
});
