import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';
import {growthOf} from '../support/operations.js';
import {chunks, delta, scriptedApi} from '../support/servers/scripted-api.js';
import {completeReply, outputTo} from '../support/terminal/output-streams.js';

/* Four times the work takes four times the operations, not more. bench/growth.js measures the time of larger sizes. */

const most = 1.1;
const lines = (count: number, line: (number: number) => string) =>
  Array.from({length: count}, (_, number) => `${line(number)}\n`).join('');

test('the chunks of a reply from the API', async () => {
  const growth = await growthOf(250, async (size) => {
    const words = Array.from({length: size}, () => delta({content: 'word '}));
    const {run} = await scriptedApi({'/v1/chat/completions': chunks(words), '/v1/models': {data: [{id: 'Bot'}]}});
    expect(await run('send', '--via', 'api', '-b', 'bot', 'hi')).toMatchObject({code: 0});
  });
  expect(growth).toBeLessThan(most);
});

test('the updates of a reply from poe.com', async () => {
  const {run} = await withSandbox({pace: 0.01});
  const growth = await growthOf(50, async (size) => {
    expect(await run('send', '-b', 'Sandbox-Count', String(size))).toMatchObject({code: 0});
  });
  expect(growth).toBeLessThan(most);
});

test('the files of a message', async () => {
  const {run} = await withSandbox();
  const folder = temporaryFolder();
  const growth = await growthOf(4, async (size) => {
    const paths = Array.from({length: size}, (_, number) => join(folder, `${number}.txt`));
    for (const path of paths) writeFileSync(path, 'text');
    const options = paths.flatMap((path) => ['-f', path]);
    expect(await run('send', '-b', 'Sandbox-Files', ...options, 'hi')).toMatchObject({code: 0});
  });
  expect(growth).toBeLessThan(most);
});

describe('chats on this machine', () => {
  const time = '2026-01-01T00:00:00.000Z';
  const chatLog = (messages: number) =>
    [
      {type: 'chat', bot: 'Bot', time},
      ...Array.from({length: messages}, (_, number) => ({
        type: 'message',
        messageId: number + 1,
        author: number % 2 === 0 ? 'human' : 'bot',
        bot: 'Bot',
        text: 'text',
        state: 'complete',
        time,
      })),
    ]
      .map((entry) => `${JSON.stringify(entry)}\n`)
      .join('');

  test('the messages of a chat', async () => {
    const growth = await growthOf(100, async (size) => {
      const env = storeChats(1, chatLog(size));
      expect(await runMain(['history', 'show', '--all', 'local-1'], {env})).toMatchObject({code: 0});
    });
    expect(growth).toBeLessThan(most);
  });

  test('the chats', async () => {
    const growth = await growthOf(50, async (size) => {
      const env = storeChats(size, chatLog(2));
      expect(await runMain(['history', '--all'], {env})).toMatchObject({code: 0});
    });
    expect(growth).toBeLessThan(most);
  });

  /** @returns the environment that has these chats */
  function storeChats(count: number, log: string) {
    const folder = temporaryFolder();
    const chats = join(folder, 'chats', 'default');
    mkdirSync(chats, {recursive: true});
    for (let number = 1; number <= count; number++)
      writeFileSync(join(chats, `local-${number.toString(36)}.jsonl`), log);
    return {POE_CONFIG_DIR: folder, POE_API_KEY: 'key', POE_API_URL: 'http://127.0.0.1:9'};
  }
});

const documents: Record<string, (size: number) => string> = {
  paragraphs: (size) => lines(size, (number) => `Paragraph *number* ${number}.\n`),
  'lines of a paragraph': (size) => lines(size, (number) => `line ${number}`),
  'items of a list': (size) => lines(size, (number) => `- item ${number}`),
  'words of a list item': (size) => `- ${'word '.repeat(size * 10)}\n`,
  'rows of a table': (size) => `| a | b |\n| - | - |\n${lines(size, (number) => `| ${number} | b |`)}`,
  'lines of code': (size) => `\`\`\`js\n${lines(size, (number) => `const a${number} = ${number};`)}\`\`\`\n`,
  'nested quotes': (size) => `${'> '.repeat(size)}text\n`,
  'nested lists': (size) => `${'- '.repeat(size)}text\n`,
  'starts of formulas': (size) => lines(size, () => '\\begin{a}'),
  'starts of different formulas': (size) => lines(size, (number) => `\\begin{${lettersFor(number)}}`),
  links: (size) => lines(size, (number) => `[link ${number}](https://example.com/${number})`),
};

/** A name of letters for each number. */
const lettersFor = (number: number) => [...String(number)].map((digit) => 'abcdefghij'[Number(digit)]).join('');

describe.each(Object.entries(documents))('the %s', (_name, document) => {
  test('of a document on a terminal', async () => {
    const growth = await growthOf(100, async (size) => {
      const {output, out} = outputTo({columns: 80, rows: 1_000_000}, {startPager: async () => undefined});
      await output.document({}, () => document(size), {markdown: true});
      expect(out()).not.toBe('');
    });
    expect(growth).toBeLessThan(most);
  });

  test('of a reply that arrives on a terminal', async () => {
    vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date']});
    try {
      const growth = await growthOf(100, async (size) => {
        const {output, out} = outputTo({columns: 80, rows: 24});
        const view = await output.reply({asEvents: false});
        const text = document(size);
        const updates = 20;
        view.start(completeReply(''));
        for (let update = 1; update <= updates; update++) {
          const [before, now] = [update - 1, update].map((at) =>
            text.slice(0, Math.ceil((text.length * at) / updates)),
          );
          view.event({type: 'append', text: (now ?? '').slice(before?.length)}, now ?? '');
          await vi.advanceTimersByTimeAsync(200);
        }
        await view.done(completeReply(text));
        expect(out()).not.toBe('');
      });
      expect(growth).toBeLessThan(most);
    } finally {
      vi.useRealTimers();
    }
  });
});
