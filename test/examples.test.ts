import {execFile} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder, withSandbox} from './harness.js';

/* The programs of examples/, as a user runs them. */

async function withExamples() {
  const {sandbox} = await withSandbox();
  const env = {PATH: process.env.PATH, ...sandbox.env};
  const runExample = (name: string, ...args: string[]) =>
    new Promise<{code: number | null; out: string; err: string}>((answer) => {
      const child = execFile(process.execPath, [`examples/${name}.mjs`, ...args], {env}, (_error, out, err) =>
        answer({code: child.exitCode, out, err}),
      );
    });
  return {sandbox, runExample};
}

test('ask prints a reply', async () => {
  const {runExample} = await withExamples();
  expect(await runExample('ask', 'count to 3', 'Sandbox-Count')).toEqual({code: 0, out: '1 2 3\n', err: ''});
  expect((await runExample('ask')).out).toContain('4');
});

test('ask says so when a bot writes its reply anew', async () => {
  const {runExample} = await withExamples();
  const {code, out} = await runExample('ask', 'the capital?', 'Sandbox-Rewrite');
  expect(code).toBe(0);
  expect(out).toContain('(Sandbox-Rewrite writes that anew.)');
  expect(out).toMatch(/Canberra.*\n$/);
});

test('conversation talks over several turns and leaves nothing behind', async () => {
  const {sandbox, runExample} = await withExamples();
  const before = sandbox.world.chats.length;
  const {code, out, err} = await runExample('conversation');
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out.trim()).not.toBe('');
  expect(sandbox.world.chats).toHaveLength(before);
});

test('describe-files sends files and prints what the bot says of them', async () => {
  const {runExample} = await withExamples();
  const file = join(temporaryFolder(), 'notes.md');
  writeFileSync(file, '# Notes\n');
  const {code, out, err} = await runExample('describe-files', 'Sandbox-Files', file);
  expect(code).toBe(0);
  expect(out).toMatch(/^notes\.md, text\/markdown, 8, [0-9a-f]{64}\n$/);
  expect(err).toMatch(/Sent (\d+) of \1 bytes\n$/);
  expect((await runExample('describe-files', 'Sandbox-Files')).code).toBe(2);
});

test('cheapest-bot asks the bot of a category that costs least', async () => {
  const {sandbox, runExample} = await withExamples();
  const {code, out} = await runExample('cheapest-bot', 'Reasoning', '2x2?');
  const prices = sandbox.world.bots.filter(({categories}) => categories.includes('Reasoning')).map(({price}) => price);
  expect(code).toBe(0);
  expect(out).toContain(`costs ${Math.min(...prices)} points a message, the least of ${prices.length} bots.`);
});

test('export-history writes the newest chats, and says what fails', async () => {
  const {sandbox, runExample} = await withExamples();
  const {code, out} = await runExample('export-history', '2');
  expect(code).toBe(0);
  const chats = sandbox.world.chats.slice(0, 2);
  for (const {title, messages} of chats) {
    expect(out).toContain(`# ${title}\n`);
    for (const {text} of messages) expect(out).toContain(text);
  }
  sandbox.faults.respondAlways({operation: 'history'}, 'server-error');
  const failed = await runExample('export-history');
  expect(failed.code).toBe(1);
  expect(failed.err).toContain('(refused)');
});
