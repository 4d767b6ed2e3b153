import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {killWhen, withProgram} from '../../support/program.js';

test('a sync that is killed again and again loses nothing and copies nothing twice', async () => {
  const {run, sandbox, env} = await withProgram();
  const {world} = sandbox;
  const pages = () => sandbox.requests.filter(({queryName}) => /^chatPage/i.test(queryName ?? '')).length;
  for (let kill = 0; kill < 4; kill++) {
    const before = pages();
    await killWhen(() => pages() > before + 1, ['sync'], env);
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

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
