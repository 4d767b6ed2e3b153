import {expect, test} from 'vitest';
import {servedChats} from '../../../src/store/serve/served-chats.js';
import {serveFolder} from '../../../src/store/serve/token-file.js';
import {withSandbox} from '../../support/harness.js';
import {withKey} from '../../support/with-key.js';

async function withFewChats() {
  const setup = await withSandbox();
  for (const chat of setup.sandbox.world.chats.slice(4)) setup.sandbox.world.removeChat(chat);
  return {...setup, left: async () => (await setup.run('history', '--all')).out.trimEnd().split('\n').length};
}

test('prune deletes the chats that match every condition', async () => {
  const {run, left} = await withFewChats();
  const {chat} = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Echo', 'new')).out);
  const time = String(chat.lastInteractionTime);
  expect((await run('history', 'prune', '--older-than', time, '--bot', 'Sandbox-Echo', '--yes')).out).toBe(
    'No chats match.\n',
  );
  expect((await run('history', '--bot', 'Sandbox-Echo', 'prune', '--older-than', time, '--yes')).out).toBe(
    'No chats match.\n',
  );
  expect(await left()).toBe(5);
  const listed = await run('history', 'prune', '--older-than', time, '--dry-run');
  expect(listed.out.trimEnd().split('\n')).toHaveLength(4);
  expect(await left()).toBe(5);
  expect(await run('history', 'prune', '--older-than', time, '--yes')).toMatchObject({
    code: 0,
    out: 'Deleted 4 chats\n',
  });
  expect((await run('history')).out).toContain('Sandbox-Echo');
});

test('prune needs a condition, and --yes without a terminal', async () => {
  const {run, left} = await withFewChats();
  const without = await run('history', 'prune', '--yes');
  expect(without.code).toBe(2);
  expect(without.err).toContain('--older-than, --bot, --empty or --served');
  const refused = await run('history', 'prune', '--older-than', '1d');
  expect(refused.code).toBe(2);
  expect(refused.err).toContain('Nothing was deleted');
  const asJson = await run('history', 'prune', '--older-than', '1d', '--json');
  expect(JSON.parse(asJson.err)).toMatchObject({error: {code: 'usage'}});
  expect(await left()).toBe(4);
});

test('prune --empty deletes only chats without messages', async () => {
  const {run, sandbox, left} = await withFewChats();
  const [emptied] = sandbox.world.chats;
  emptied?.messages.splice(0);
  expect(JSON.parse((await run('history', 'prune', '--empty', '--yes', '--json')).out)).toEqual({deleted: 1});
  expect(sandbox.world.chats).not.toContain(emptied);
  expect(await left()).toBe(3);
});

test('a chat that someone else deletes meanwhile does not stop prune', async () => {
  const {run, sandbox} = await withFewChats();
  const {world} = sandbox;
  const remove = world.removeChat.bind(world);
  world.removeChat = (chat) => {
    for (const each of [chat, ...world.chats.slice(1, 2)]) remove(each);
  };
  const {code, out, err} = await run('-q', 'history', 'prune', '--older-than', '1d');
  expect({code, out}).toEqual({code: 2, out: ''});
  // The list belongs to the question.
  expect(err.split('\n').slice(0, 4)).toEqual(Array.from({length: 4}, () => expect.stringMatching(/^".*, 2025-/)));
  expect(await run('history', 'prune', '--older-than', '1d', '--yes')).toEqual({
    code: 0,
    out: 'Deleted 2 chats\n',
    err: '',
  });
  expect(world.chats).toEqual([]);
});

test('prune deletes chats on this machine', async () => {
  const {run} = await withKey();
  await run('send', '-b', 'Sandbox-Echo', 'one');
  await run('send', '-b', 'Sandbox-Memory', 'two');
  expect((await run('history', 'prune', '--bot', 'sandbox-echo', '--yes')).out).toBe('Deleted 1 chat\n');
  expect((await run('history')).out).toMatch(/^local-\w+\ttwo\t/);
});

test('prune --served deletes only the chats that poe serve has started', async () => {
  const {run, sandbox, configDir, left} = await withFewChats();
  expect((await run('history', 'prune', '--served', '--yes')).out).toBe('No chats match.\n');
  const folder = serveFolder('default', configDir);
  const served = servedChats({folder, site: sandbox.url});
  for (const text of ['one', 'two']) {
    const {chat} = JSON.parse((await run('send', '--json', '-b', 'Sandbox-Echo', text)).out);
    await served.put(chat, null);
  }
  const [other] = JSON.parse(`[${(await run('send', '--json', '-b', 'Sandbox-Echo', 'three')).out}]`);
  await servedChats({folder, site: 'https://poe.com'}).put(other.chat, null);
  expect((await run('history', 'prune', '--served', '--bot', 'Assistant', '--yes')).out).toBe('No chats match.\n');
  expect((await run('history', 'prune', '--served', '--yes')).out).toBe('Deleted 2 chats\n');
  expect(await left()).toBe(5);
  expect(await served.ids()).toEqual(new Set());
});
