import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import type {ChatCopy} from '../../../src/core/archive/archive-store.js';
import {CopyWriter} from '../../../src/store/archive/copy-writer.js';

/* While chats are stored, no other program can change the archive. */

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const copy = {messages: []} as unknown as ChatCopy;

const archiveThat = (end: (isComplete: boolean) => void) => ({begin: () => end, add: () => 1});

test('chats are stored in time, even if the next chat takes long to arrive', async () => {
  const end = vi.fn<(isComplete: boolean) => void>();
  const writer = new CopyWriter(archiveThat(end), null);
  await writer.add(copy);
  await writer.add(copy);
  expect(end).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1_000);
  expect(end.mock.calls).toEqual([[true]]);
  await writer.flush();
  expect(end).toHaveBeenCalledTimes(1);
});

test('an error while they are stored ends the sync', async () => {
  const writer = new CopyWriter(
    archiveThat(() => {
      throw new Error('The disk is full');
    }),
    null,
  );
  await writer.add(copy);
  vi.advanceTimersByTime(1_000);
  await expect(writer.add(copy)).rejects.toThrow('The disk is full');
});
