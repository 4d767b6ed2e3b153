import {getHeapStatistics, queryObjects} from 'node:v8';

/** A text of this length is worth it: collecting takes some milliseconds. No reply of a bot is that long (512,000 in 2025). */
const minLength = 4 * 1024 * 1024;

/**
 * Frees what was needed to read a very long text, such as the bytes that it came from. V8 would wait until there is much more of
 * it. No other function of Node collects all garbage.
 * @param length of the text, in UTF-16 code units
 */
export function collectGarbage(length: number): void {
  if (length >= minLength) collectAllGarbage();
}

function collectAllGarbage(): void {
  queryObjects(SyntaxError, {format: 'count'});
}

/** Bytes. A batch uses 12 MB, but at hundreds of prompts a second its heap would grow to 50 MB. */
const largeHeap = 30 * 1024 * 1024;

/** Makes a heap smaller that has grown by garbage. Takes some 30 milliseconds, but no time if the heap is small. */
export function shrinkHeap(): void {
  if (getHeapStatistics().total_heap_size > largeHeap) collectAllGarbage();
}
