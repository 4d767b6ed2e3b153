import {expect, test} from 'vitest';
import {drained} from '../src/core/official/drained.js';

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

async function slowly(chunks: AsyncIterable<string>, until: Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  try {
    for await (const chunk of chunks) {
      seen.push(chunk);
      await until;
    }
  } catch (error) {
    seen.push(String(error));
  }
  return seen;
}

test('what came before a connection broke is there, however slowly it is read', async () => {
  const {body, broken} = breaking('1', '2', '3');
  expect(await slowly(drained(body), broken)).toEqual(['1', '2', '3', 'Error: cut']);
});

test('what comes to its end does so once all of it was read', async () => {
  const body = new ReadableStream<string>({
    start(controller) {
      controller.enqueue('1');
      controller.close();
    },
  });
  expect(await slowly(drained(body), Promise.resolve())).toEqual(['1']);
});
