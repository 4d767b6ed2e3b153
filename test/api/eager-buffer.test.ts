import {expect, test} from 'vitest';
import {eagerBuffer} from '../../src/core/api/http/eager-buffer.js';
import {parseEvents} from '../../src/core/api/http/events.js';

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
  expect(await readSlowly(eagerBuffer(body), failed)).toEqual(['1', '2', '3', 'Error: cut']);
});

test('ends after the last chunk of a complete stream', async () => {
  const body = new ReadableStream<string>({
    start(controller) {
      controller.enqueue('1');
      controller.close();
    },
  });
  expect(await readSlowly(eagerBuffer(body), Promise.resolve())).toEqual(['1']);
});

test('buffers at most 64 MiB of an endless stream', async () => {
  let bytes = 0;
  let close = () => {};
  const closed = new Promise<void>((resolve) => (close = resolve));
  async function* endless() {
    try {
      for (;;) {
        const chunk = Buffer.from(`data: ${'x'.repeat(65_536)}\n\n`);
        bytes += chunk.byteLength;
        yield chunk;
      }
    } finally {
      close();
    }
  }
  const events = parseEvents(endless());
  expect((await events.next()).done).toBe(false);
  await closed;
  expect(bytes).toBeLessThan(65 * 1024 * 1024);
  const rest = async () => {
    for await (const some of events) expect(some[0]?.data).toHaveLength(65_536);
  };
  await expect(rest()).rejects.toThrow('larger than any reply');
});
