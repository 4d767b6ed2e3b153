import {execFile} from 'node:child_process';
import {cpSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {expect, test} from 'vitest';
import type {SandboxOptions} from '../../src/sandbox/server/server.js';
import type {Bot} from '../../src/bot-server/serve-bot.js';
import {accessKey, serving} from '../bot-server/serve.js';
import {temporaryFolder, withSandbox} from '../support/harness.js';

/* Runs each program in examples/ against the built package. */

async function withExamples(options: SandboxOptions = {}) {
  const {sandbox} = await withSandbox(options);
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

test.each(['README.md', 'docs/library.md'])('the first program of %s works in a sandbox', async (page) => {
  const {sandbox} = await withSandbox();
  const [, program = ''] = /^```ts\n([^]*?)^```/m.exec(readFileSync(page, 'utf8')) ?? [];
  const env = {PATH: process.env.PATH, ...sandbox.env, POE_API_KEY: sandbox.apiKey};
  const argv = ['--input-type=module', '--eval', program];
  expect((await promisify(execFile)(process.execPath, argv, {env})).stdout).toMatch(/^2 × 2 is/);
});

test('ask.mjs prints the reply of the default bot or of the bot you name', async () => {
  const {run} = await withExamples();
  expect(await run('ask.mjs')).toEqual({code: 0, out: '2 × 2 = 4\n', err: ''});
  expect(await run('ask.mjs', ['count to 4', 'Sandbox-Count'])).toEqual({code: 0, out: '1 2 3 4\n', err: ''});
});

test('ask.mjs prints a replaced text below the old one', async () => {
  // Slow enough that the old text arrives first, also on a busy machine.
  const {run} = await withExamples({pace: 1});
  const {code, out} = await run('ask.mjs', ['What is the capital of Australia?', 'Sandbox-Rewrite']);
  expect(code).toBe(0);
  expect(out).toMatch(/^Searching…/);
  expect(out.split('\n\n(Sandbox-Rewrite replaced its reply.)\n\n').at(-1)).toBe(
    'The capital of Australia is Canberra. It was built for that purpose, and has been the capital since 1927.\n',
  );
});

test('conversation.mjs uses one chat, clears its context and deletes it', async () => {
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
    '(Renamed the chat to "Ada and the bot".)',
    '(Cleared the context.)',
    'You: And now, what is my name?',
    'GPT-4o-Mini: You wrote “And now, what is my name?”, the first message of this chat.',
    '(Deleted the chat.)',
  ]);
  expect(world.chats.map(({chatId}) => chatId)).toEqual(before);
});

test('describe-files.mjs sends files under their own names and shows the progress', async () => {
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

test('describe-files.mjs without files prints its usage', async () => {
  const {run} = await withExamples();
  expect(await run('describe-files.mjs')).toEqual({
    code: 2,
    out: '',
    err: 'Usage: node examples/describe-files.mjs <bot> <file...>\n',
  });
});

test('cheapest-bot.mjs prints a note because Poe shows no prices', async () => {
  const {run} = await withExamples();
  const out = 'Poe shows no prices in the category Programming.\n';
  expect(await run('cheapest-bot.mjs', ['Programming', '2x2?'])).toEqual({code: 0, out, err: ''});
});

test('cheapest-bot.mjs asks the cheapest bot of a category if Poe shows prices', async () => {
  const {run, world} = await withExamples({site: '2025-03'});
  const {points} = world.viewer;
  const out = 'RegexHelper is the cheapest of 9 bots: 9 points per message.\n2 × 2 = 4\n';
  expect(await run('cheapest-bot.mjs', ['Programming', '2x2?'])).toEqual({code: 0, out, err: ''});
  expect(world.viewer.points).toBe(points - 9);
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

test('export-history.mjs reports errors', async () => {
  const {run} = await withExamples();
  const {code, out, err} = await run('export-history.mjs', [], {POE_P_B: 'old'});
  expect({code, out}).toEqual({code: 1, out: ''});
  expect(err).toMatch(/\(bad_tokens\)\nCopy them from your browser again\.\n$/);
});

test('search-archive.mjs copies chats once and finds words in them', async () => {
  const {run, world} = await withExamples();
  for (const chat of world.chats.slice(3)) world.removeChat(chat);
  const path = join(temporaryFolder(), 'chats.db');
  const [chat] = world.chats;
  const {out, err} = await run('search-archive.mjs', [path, ...(chat?.messages[0]?.text.split(' ') ?? [])]);
  expect(out).toContain(`${chat?.title}: ${chat?.messages[0]?.text}\n`);
  expect(err).toMatch(/^[1-9]\d* messages are new\n$/);
  expect((await run('search-archive.mjs', [path, 'no-such-word'])).err).toBe('0 messages are new\n');
});

test('api-key.mjs uses the API and prints reasoning, tokens, files and suggested replies', async () => {
  const {run, apiKey} = await withExamples();
  const env = {POE_API_KEY: apiKey, POE_P_B: '', POE_P_LAT: ''};
  expect(await run('api-key.mjs', ['Sandbox-Thinker', '2+2?'], env)).toEqual({
    code: 0,
    out: '4\n(protocol openai, output tokens: 3)\n',
    err: 'Two and two is four.',
  });
  const file = join(temporaryFolder(), 'notes.md');
  writeFileSync(file, '# Notes\n');
  const files = await run('api-key.mjs', ['Sandbox-Files', 'what?', file], env);
  expect(files.out).toMatch(
    /^notes\.md, text\/markdown, 8, [0-9a-f]{64}\n\(protocol native, output tokens: unknown\)\n$/,
  );
  expect((await run('api-key.mjs', ['Sandbox-Native'], env)).out).toContain('suggested reply: In French?\n');
  const {code, err} = await run('api-key.mjs', [], {...env, POE_API_KEY: 'wrong'});
  expect(code).toBe(1);
  expect(err).toMatch(/rejected the key .*\(bad_tokens\)\n$/);
});

test('test-with-sandbox.mjs passes its tests with the sandbox of the package', async () => {
  const {run} = await withExamples();
  const {code, out} = await run('test-with-sandbox.mjs');
  expect(out).toMatch(/^. pass 3$/mu);
  expect({code, failed: !/^. fail 0$/mu.test(out)}).toEqual({code: 0, failed: false});
});

test('the bot in bots/dice-roller passes its tests', async () => {
  const {run, runWith} = await withSandbox();
  // A variable, because the types need the built package.
  const path = '../../examples/bots/dice-roller/server.ts';
  const example: {default: Bot} = await import(path);
  const {server} = await serving(example.default);
  const folder = temporaryFolder();
  cpSync('examples/bots/dice-roller', folder, {recursive: true});
  const settings = readFileSync(join(folder, 'bot.yaml'), 'utf8');
  writeFileSync(join(folder, 'bot.yaml'), settings.replace('http://127.0.0.1:8080', server.url));
  const env = {POE_ACCESS_KEY: accessKey};
  expect(await runWith({env}, 'bot', 'test', folder, '--local')).toMatchObject({
    code: 0,
    err: expect.stringMatching(/5 passed, 0 failed\n$/),
  });
  expect((await runWith({env}, 'bot', 'push', folder, '--yes')).code).toBe(0);
  expect(await run('bot', 'test', folder)).toMatchObject({code: 0, err: expect.stringContaining('DiceRoller on Poe')});
});
