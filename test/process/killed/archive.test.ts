import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import process from 'node:process';
import {expect, test} from 'vitest';
import {killWhen, withProgram} from '../../support/program.js';

const kills = Number(process.env['POE_TEST_KILLS'] ?? 4);

test(`a sync that is killed ${kills} times at any moment loses nothing and copies nothing twice`, async () => {
  const {run, sandbox, env} = await withProgram();
  const {world} = sandbox;
  const pages = () => pagesOf(sandbox);
  for (let kill = 0; kill < kills; kill++) {
    const before = pages();
    // Each time a few pages further, and a little later in the work on a page.
    const wanted = before + 1 + (kill % 5);
    await killWhen(() => pages() >= wanted, ['sync'], env);
  }
  expect((await run('sync', '--full')).code).toBe(0);
  expect((await run('archive', 'check')).code).toBe(0);
  const wanted = world.chats.flatMap(({code, messages}) => messages.map(({text}) => hash(`${code} ${text}`)));
  const found = (await run('search', '--json', '--regex', '.*', '-n', '100000')).out.trimEnd().split('\n');
  const copied = found.map((line) => {
    const {chat, message} = JSON.parse(line);
    return hash(`${chat.chatCode} ${message.text}`);
  });
  expect(copied.toSorted()).toEqual(wanted.toSorted());
});

test('a sync that is interrupted stores what it has read', async () => {
  const {run, sandbox, env} = await withProgram();
  const child = spawn(process.execPath, ['bin/poe.js', 'sync'], {env, stdio: 'ignore'});
  await expect.poll(() => pagesOf(sandbox), {timeout: 20_000, interval: 1}).toBeGreaterThan(5);
  child.kill('SIGINT');
  expect((await once(child, 'close'))[0]).toBe(130);
  const stored = JSON.parse((await run('archive', 'size', '--json')).out);
  expect(stored.messages).toBeGreaterThan(0);
  expect((await run('archive', 'check')).code).toBe(0);
});

interface Requests {
  requests: readonly {queryName?: string | undefined}[];
}

/** How many pages of chats have been requested. */
const pagesOf = ({requests}: Requests): number =>
  requests.filter(({queryName}) => /^chatPage/i.test(queryName ?? '')).length;

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
