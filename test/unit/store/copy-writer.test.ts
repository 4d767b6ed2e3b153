import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {ChatCopy} from '../../../src/core/archive/archive-store.js';
import {CopyWriter} from '../../../src/store/archive/copy-writer.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const copy = {messages: []} as unknown as ChatCopy;

test('chats are stored in time, even if the next chat takes long to arrive', () => {
  const stored: number[] = [];
  const writer = new CopyWriter((copies) => stored.push(copies.length), null);
  writer.add(copy);
  writer.add(copy);
  expect(stored).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(stored).toEqual([2]);
  writer.flush();
  expect(stored).toEqual([2]);
});

test('an error while they are stored ends the sync', () => {
  const writer = new CopyWriter(() => {
    throw new Error('The disk is full');
  }, null);
  writer.add(copy);
  vi.advanceTimersByTime(1_000);
  expect(() => writer.add(copy)).toThrow('The disk is full');
});
