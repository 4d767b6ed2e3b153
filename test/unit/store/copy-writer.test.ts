import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {ChatCopy} from '../../../src/core/archive/archive-store.js';
import {CopyWriter} from '../../../src/store/archive/copy-writer.js';

/* While chats are stored, no other program can change the archive. */

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const copy = {messages: []} as unknown as ChatCopy;

const archiveThat = (end: (isComplete: boolean) => void) => ({begin: () => end, add: () => 1});

test('chats are stored in time, even if the next chat takes long to arrive', () => {
  const end = vi.fn<(isComplete: boolean) => void>();
  const writer = new CopyWriter(archiveThat(end), null);
  writer.add(copy);
  writer.add(copy);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(end.mock.calls).toEqual([[true]]);
  writer.flush();
  expect(end).toHaveBeenCalledTimes(1);
});

test('an error while they are stored ends the sync', () => {
  const writer = new CopyWriter(
    archiveThat(() => {
      throw new Error('The disk is full');
    }),
    null,
  );
  writer.add(copy);
  vi.advanceTimersByTime(1_000);
  expect(() => writer.add(copy)).toThrow('The disk is full');
});
