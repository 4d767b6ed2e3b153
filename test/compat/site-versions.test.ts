import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Faults} from '../../src/sandbox/faults/faults.js';
import {operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';

const sites = ['2025-03', '2026-08'] as const;

describe.each(sites)('on the site of %s', (site) => {
  test('a message is sent, its chat gone on with, and its reply written anew', async () => {
    const {run} = await withSandbox({site});
    expect(await run('send', '-b', 'Sandbox-Echo', 'hello')).toEqual({code: 0, out: 'hello\n', err: ''});
    expect(await run('send', '-c', 'last', 'again')).toMatchObject({code: 0, out: 'again\n'});
    expect(await run('retry', 'last')).toMatchObject({code: 0, out: 'again\n'});
    expect(await run('clear-context', 'last')).toMatchObject({code: 0});
  });

  test('files go along', async () => {
    const {run, sandbox} = await withSandbox({site});
    const file = join(temporaryFolder(), 'größe.txt');
    writeFileSync(file, 'abc');
    const {code, out, err} = await run('send', '-b', 'Sandbox-Files', 'look', '-f', file);
    expect({code, out, err}).toMatchObject({
      code: 0,
      out: expect.stringContaining('größe.txt, text/plain, 3, ba7816bf'),
    });
    expect(sandbox.world.uploads).toHaveLength(1);
  });

  test.each([
    ['the socket is cut', (faults) => faults.dropSocketAfter(2)],
    ['the channel falls silent', (faults) => faults.silentAfter(2)],
    ['the site wants another channel', (faults) => faults.refetchChannel(2)],
    ['the answer to the message is lost', (faults) => faults.loseResponseOnce('sendMessage', 'drop')],
    ['all is said before the answer comes', (faults) => faults.eventsBeforeAnswer()],
    ['there is talk of other things', (faults) => faults.foreignEvents()],
  ] as const satisfies [string, (faults: Faults) => void][])('a reply is whole though %s', async (_what, spoil) => {
    const {run, sandbox} = await withSandbox({site});
    spoil(sandbox.faults);
    const {code, out} = await run('send', '--timeout', '2', '-b', 'Sandbox-Count', 'count to 9');
    expect({code, out}).toEqual({code: 0, out: '1 2 3 4 5 6 7 8 9\n'});
    const questions = sandbox.world.chats.flatMap(({messages}) => messages).filter(({bot}) => bot === null);
    expect(questions.filter(({text}) => text === 'count to 9')).toHaveLength(1);
  });

  test('a reply that is written anew as another message is followed', async () => {
    const {run, sandbox} = await withSandbox({site});
    await run('send', '-b', 'Sandbox-Count', 'count to 3');
    sandbox.faults.retryAsNewMessage();
    expect(await run('retry', 'last')).toEqual({code: 0, out: '1 2 3\n', err: ''});
    expect(await run('attach', 'last')).toMatchObject({code: 0, out: '1 2 3\n'});
  });

  test('chats, bots, people and the account are read', async () => {
    const {run} = await withSandbox({site});
    await run('send', '-b', 'Sandbox-Echo', 'hello');
    for (const line of [
      ['history'],
      ['history', 'show', 'last'],
      ['history', 'export', 'last'],
      ['explore', 'claude'],
      ['categories'],
      ['bot-info', 'Sandbox-Echo'],
      ['user-info', 'openai'],
      ['settings'],
      ['whoami'],
      ['title', 'last', 'Another'],
      ['share', 'last'],
      ['cost', 'last'],
      ['settings', 'point-limit', '500'],
      ['settings', 'default-bot', 'GPT-4o'],
      ['delete-chat', 'last', '--yes'],
    ]) {
      const {code, err} = await run(...line);
      expect({line, code, err}).toEqual({line, code: 0, err: ''});
    }
  });
});

test('nothing is sent twice on the site of 2026-08, and it is asked no more than once for its page', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  await run('send', '-b', 'Sandbox-Echo', 'hello');
  const [first, ...others] = operationsOf(sandbox);
  expect(first).toBe('/');
  // Bot, subscription and socket are asked for at once.
  expect(others.slice(0, 3).toSorted()).toEqual([
    expect.stringMatching(/^\/up\//),
    'HandleBotLandingPageQuery',
    'subscriptionsMutation',
  ]);
  expect(others.slice(3)).toEqual(['sendMessageMutation']);
});
