import {expect, test} from 'vitest';
import {RequestQueue} from '../../../src/serve/web/request-queue.js';

test('requests get their turn in order, and only as many wait as there is room for', async () => {
  const queue = new RequestQueue({maxWaiting: 3, maxBytes: 10});
  const order: string[] = [];
  const enter = async (name: string, bytes: number, {signal} = new AbortController()) => {
    const turn = await queue.enter({bytes, signal});
    order.push(name);
    return turn;
  };
  const first = await enter('first', 99);
  const second = enter('second', 6);
  const full = {status: 429, details: {code: 'queue_full', retryAfterS: 10}};
  await expect(enter('too large', 5)).rejects.toMatchObject(full);
  const leaving = new AbortController();
  const left = enter('left', 1, leaving);
  const third = enter('third', 3);
  await expect(enter('too many', 0)).rejects.toMatchObject(full);
  leaving.abort();
  await expect(left).rejects.toMatchObject({code: 'interrupted'});
  await expect(enter('aborted', 0, leaving)).rejects.toMatchObject({code: 'interrupted'});
  first[Symbol.dispose]();
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
  (await third)[Symbol.dispose]();
  (await enter('fourth', 99))[Symbol.dispose]();
  expect(order).toEqual(['first', 'second', 'third', 'fourth']);
});
