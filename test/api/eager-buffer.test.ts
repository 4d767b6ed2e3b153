import {expect, test} from 'vitest';
import {eagerBuffer} from '../../src/core/api/http/eager-buffer.js';
import {parseEvents} from '../../src/core/api/http/events.js';

/** As `fetch` has a body: when it breaks, what was not yet taken is gone. */
function breaking(...chunks: string[]) {
  let tell = () => {};
  const broken = new Promise<void>((resolve) => (tell = resolve));
  const body = new ReadableStream<string>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      setTimeout(() => {
        controller.error(new Error('cut'));
        tell();
      });
    },
  });
  return {body, broken};
}

async function slowly(chunks: AsyncIterable<string[]>, until: Promise<void>): Promise<string[]> {
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

test('what came before a connection broke is there, however slowly it is read', async () => {
  const {body, broken} = breaking('1', '2', '3');
  expect(await slowly(eagerBuffer(body), broken)).toEqual(['1', '2', '3', 'Error: cut']);
});

test('what comes to its end does so once all of it was read', async () => {
  const body = new ReadableStream<string>({
    start(controller) {
      controller.enqueue('1');
      controller.close();
    },
  });
  expect(await slowly(eagerBuffer(body), Promise.resolve())).toEqual(['1']);
});

test('a stream without end is taken ahead of its use up to 64 MiB only', async () => {
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
