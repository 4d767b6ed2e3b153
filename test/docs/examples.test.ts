import {execFile} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {bySite, temporaryFolder, withSandbox} from '../support/harness.js';

/* Each program in examples/, as a user runs it, against the package as it is built. */

async function withExamples(pace = 0.02) {
  const {sandbox} = await withSandbox({pace});
  const run = (name: string, argv: string[] = [], env: Record<string, string> = {}) =>
    new Promise<{code: number | null; out: string; err: string}>((resolve) => {
      const child = execFile(
        process.execPath,
        [join('examples', name), ...argv],
        {env: {PATH: process.env.PATH, ...sandbox.env, ...env}},
        (_error, out, err) => resolve({code: child.exitCode, out, err}),
      );
    });
  return {run, world: sandbox.world, apiKey: sandbox.apiKey};
}

test('ask.mjs prints the reply of the default bot, or of a named one', async () => {
  const {run} = await withExamples();
  expect(await run('ask.mjs')).toEqual({code: 0, out: '2 × 2 = 4\n', err: ''});
  expect(await run('ask.mjs', ['count to 4', 'Sandbox-Count'])).toEqual({code: 0, out: '1 2 3 4\n', err: ''});
});

test('ask.mjs puts a text that was written anew below the old one', async () => {
  // Slowly enough that the old one is seen on a busy machine, too.
  const {run} = await withExamples(1);
  const {code, out} = await run('ask.mjs', ['What is the capital of Australia?', 'Sandbox-Rewrite']);
  expect(code).toBe(0);
  expect(out).toMatch(/^Searching…/);
  expect(out.split('\n\n(Sandbox-Rewrite writes that anew.)\n\n').at(-1)).toBe(
    'The capital of Australia is Canberra. It was built for that purpose, and has been the capital since 1927.\n',
  );
});

test('conversation.mjs talks in one chat, clears its context, and leaves nothing behind', async () => {
  const {run, world} = await withExamples();
  const before = world.chats.map(({chatId}) => chatId);
  const {code, out, err} = await run('conversation.mjs', ['gpt-4o-mini']);
  expect({code, err}).toEqual({code: 0, err: ''});
  const lines = out.split('\n').map((line) => line.replace(/ I am GPT-4o-Mini .*/, ''));
  expect(lines.filter((line) => line !== '')).toEqual([
    'You: My name is Ada.',
    'GPT-4o-Mini: You wrote “My name is Ada.”, the first message of this chat.',
    'You: What is my name?',
    'GPT-4o-Mini: You wrote “What is my name?”, message 3 of this chat.',
    '(The chat is called “Ada and the bot” now.)',
    '(The bot has forgotten what was said.)',
    'You: And now, what is my name?',
    'GPT-4o-Mini: You wrote “And now, what is my name?”, the first message of this chat.',
    '(The chat is deleted.)',
  ]);
  expect(world.chats.map(({chatId}) => chatId)).toEqual(before);
});

test('describe-files.mjs sends files under their own names and says how far it is', async () => {
  const {run} = await withExamples();
  const folder = temporaryFolder();
  const notes = join(folder, 'notes.md');
  const data = join(folder, 'data.json');
  writeFileSync(notes, '# Notes\n');
  writeFileSync(data, '{"a": 1}');
  const {code, out, err} = await run('describe-files.mjs', ['Sandbox-Files', notes, data]);
  expect(code).toBe(0);
  expect(out.split('\n').map((line) => line.split(', ').slice(0, 3))).toEqual([
    ['notes.md', 'text/markdown', '8'],
    ['data.json', 'application/json', '8'],
    [''],
  ]);
  const [, sent, total] = /Sent (\d+) of (\d+) bytes\n$/.exec(err) ?? [];
  expect(Number(total)).toBeGreaterThan(16);
  expect(sent).toBe(total);
});

test('describe-files.mjs without files says how it is used', async () => {
  const {run} = await withExamples();
  expect(await run('describe-files.mjs')).toEqual({
    code: 2,
    out: '',
    err: 'Usage: node examples/describe-files.mjs <bot> <file...>\n',
  });
});

test('cheapest-bot.mjs asks the bot of a category that costs least, where Poe tells prices', async () => {
  const {run, world} = await withExamples();
  const {points} = world.viewer;
  const {code, out, err} = await run('cheapest-bot.mjs', ['Programming', '2x2?']);
  expect({code, out, err}).toEqual({
    code: 0,
    out: bySite({
      '2025-03': 'RegexHelper costs 9 points a message, the least of 9 bots.\n2 × 2 = 4\n',
      '2026-08': 'Poe tells no prices in the category Programming.\n',
    }),
    err: '',
  });
  expect(world.viewer.points).toBe(points - bySite({'2025-03': 9, '2026-08': 0}));
});

test('export-history.mjs writes the newest chats as Markdown', async () => {
  const {run, world} = await withExamples();
  const [newest, second] = world.chats;
  const {code, out, err} = await run('export-history.mjs', ['2']);
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out.match(/^# .+$/gm)).toEqual([`# ${newest?.title}`, `# ${second?.title}`]);
  const texts = [newest, second].flatMap((chat) => chat?.messages.map(({text}) => text) ?? []);
  expect(out.split('\n').filter((line) => texts.includes(line))).toEqual(texts);
  expect(out.match(/^\*\*.+\*\*, \d{4}-/gm)?.slice(0, 2)).toEqual([
    '**You**, 2025-',
    `**${newest?.bot.displayName}**, 2025-`,
  ]);
});

test('export-history.mjs says what went wrong, and what to do next', async () => {
  const {run} = await withExamples();
  const {code, out, err} = await run('export-history.mjs', [], {POE_P_B: 'old'});
  expect({code, out}).toEqual({code: 1, out: ''});
  expect(err).toMatch(/\(bad_tokens\)\nCopy them afresh from your browser with: poe login\n$/);
});

test('by-key.mjs asks over the API, sends files, and tells thoughts, tokens and suggested replies apart', async () => {
  const {run, apiKey} = await withExamples();
  const env = {POE_API_KEY: apiKey, POE_P_B: '', POE_P_LAT: ''};
  expect(await run('by-key.mjs', ['Sandbox-Thinker', '2+2?'], env)).toEqual({
    code: 0,
    out: '4\n(by openai, 3 tokens told)\n',
    err: 'Two and two is four.',
  });
  const file = join(temporaryFolder(), 'notes.md');
  writeFileSync(file, '# Notes\n');
  const files = await run('by-key.mjs', ['Sandbox-Files', 'what?', file], env);
  expect(files.out).toMatch(/^notes\.md, text\/markdown, 8, [0-9a-f]{64}\n\(by native, no tokens told\)\n$/);
  expect((await run('by-key.mjs', ['Sandbox-Native'], env)).out).toContain('next: In French?\n');
  const {code, err} = await run('by-key.mjs', [], {...env, POE_API_KEY: 'wrong'});
  expect(code).toBe(1);
  expect(err).toContain('(bad_tokens)\nMake a key at https://poe.com/api/keys');
});
