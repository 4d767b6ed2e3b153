import {setImmediate} from 'node:timers/promises';
import {expect, test} from 'vitest';
import {type ChunkSource, eagerBuffer} from '../../../src/core/api/http/eager-buffer.js';
import {eventsOf, parseEvents} from '../../../src/core/api/http/events.js';

/** The chunks of an iterable, as a response passes them on. */
const chunksIn = <T>(iterable: AsyncIterable<T>): ChunkSource<T> => ({
  async forEach(onChunk) {
    for await (const chunk of iterable) await onChunk(chunk);
  },
});

/** A stream that discards its unread chunks when it fails, like the body of `fetch`. */
function failingStream(...chunks: string[]) {
  let notify = () => {};
  const failed = new Promise<void>((resolve) => (notify = resolve));
  const body = new ReadableStream<string>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      setTimeout(() => {
        controller.error(new Error('cut'));
        notify();
      });
    },
  });
  return {body, failed};
}

async function readSlowly(chunks: AsyncIterable<string[]>, until: Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  try {
    for await (const some of chunks) {
      seen.push(...some);
      await until;
    }
  } catch (error) {
    seen.push(String(error));
  }
  return seen;
}

test('chunks that arrived before a failure are yielded to a slow reader', async () => {
  const {body, failed} = failingStream('1', '2', '3');
  expect(await readSlowly(eagerBuffer(chunksIn(body)), failed)).toEqual(['1', '2', '3', 'Error: cut']);
});

test('ends after the last chunk of a complete stream', async () => {
  const body = new ReadableStream<string>({
    start(controller) {
      controller.enqueue('1');
      controller.close();
    },
  });
  expect(await readSlowly(eagerBuffer(chunksIn(body)), Promise.resolve())).toEqual(['1']);
});

/** Events of 64 KiB without end. */
function endlessEvents() {
  const read = {bytes: 0};
  async function* body() {
    for (;;) {
      const chunk = Buffer.from(`data: ${'x'.repeat(65_536)}\n\n`);
      read.bytes += chunk.byteLength;
      yield chunk;
    }
  }
  return {body: body(), read};
}

test('a slow reader makes the buffer hold at most some 4 MiB', async () => {
  const {body, read} = endlessEvents();
  const events = eventsOf(chunksIn(body));
  for (let turn = 1; turn <= 3; turn++) {
    expect((await events.next()).done).toBe(false);
    await setImmediate();
    expect(read.bytes).toBeLessThan((turn + 1) * 4.5 * 1024 * 1024);
  }
});

test('chunks of a fast source are yielded together after a while, and none is lost', async () => {
  async function* source() {
    for (let chunk = 0; chunk < 2000; chunk++) {
      yield `${chunk} `;
      await setImmediate();
    }
  }
  const parts: string[][] = [];
  for await (const chunks of eagerBuffer(chunksIn(source()))) parts.push(chunks);
  expect(parts.slice(0, 10).map(({length}) => length)).toEqual(Array.from({length: 10}, () => 1));
  expect(parts.length).toBeLessThan(500);
  expect(parts.flat().join('')).toBe(Array.from({length: 2000}, (_, chunk) => `${chunk} `).join(''));
});

test('a stream without end is cut off at a limit', async () => {
  const {body} = endlessEvents();
  const events = parseEvents({first: [], rest: eagerBuffer(chunksIn(body))}, {maxBytes: 64 * 1024 * 1024});
  const readAll = async () => {
    for await (const some of events) expect(some[0]?.data).toHaveLength(65_536);
  };
  await expect(readAll()).rejects.toThrow('larger than any reply');
});
