import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import type {Faults} from '../../src/sandbox/faults/faults.js';
import {operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';
import {seconds} from '../support/patience.js';

const sites = ['2025-03', '2026-08'] as const;

describe.each(sites)('on site version %s', (site) => {
  test('a message can be sent, its chat continued, and its reply regenerated', async () => {
    const {run} = await withSandbox({site});
    expect(await run('send', '-b', 'Sandbox-Echo', 'hello')).toEqual({code: 0, out: 'hello\n', err: ''});
    expect(await run('send', '-c', 'last', 'again')).toMatchObject({code: 0, out: 'again\n'});
    expect(await run('retry', 'last')).toMatchObject({code: 0, out: 'again\n'});
    expect(await run('clear-context', 'last')).toMatchObject({code: 0});
  });

  test('files are sent with a message', async () => {
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
    ['the site asks to open a new channel', (faults) => faults.refetchChannel(2)],
    ['the response to the send is lost', (faults) => faults.loseResponseOnce('sendMessage', 'drop')],
    ['all events arrive before the response', (faults) => faults.eventsBeforeAnswer()],
    ['events of other chats arrive', (faults) => faults.foreignEvents()],
  ] as const satisfies [string, (faults: Faults) => void][])('a reply is complete if %s', async (_what, inject) => {
    const {run, sandbox} = await withSandbox({site});
    inject(sandbox.faults);
    const {code, out} = await run('send', '-b', 'Sandbox-Count', 'count to 9');
    expect({code, out}).toEqual({code: 0, out: '1 2 3 4 5 6 7 8 9\n'});
    const sent = sandbox.world.chats.flatMap(({messages}) => messages).filter(({bot}) => bot === null);
    expect(sent.filter(({text}) => text === 'count to 9')).toHaveLength(1);
  });

  test('a reply is complete if the channel stops sending', async () => {
    const {run, sandbox} = await withSandbox({site});
    // The first message loads and stores everything slow, so that only the silence exceeds the timeout.
    await run('send', '-b', 'Sandbox-Count', 'count to 2');
    sandbox.faults.silentAfter(2);
    const {code, out} = await run('send', '--timeout', seconds(2), '-b', 'Sandbox-Count', 'count to 9');
    expect({code, out}).toEqual({code: 0, out: '1 2 3 4 5 6 7 8 9\n'});
  });

  test('a regenerated reply may be a new message', async () => {
    const {run, sandbox} = await withSandbox({site});
    await run('send', '-b', 'Sandbox-Count', 'count to 3');
    sandbox.faults.retryAsNewMessage();
    expect(await run('retry', 'last')).toEqual({code: 0, out: '1 2 3\n', err: ''});
    expect(await run('attach', 'last')).toMatchObject({code: 0, out: '1 2 3\n'});
  });

  test('commands for chats, bots, users and the account work', async () => {
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

test('on site version 2026-08 the first message needs one request for the page and no request twice', async () => {
  const {run, sandbox} = await withSandbox({site: '2026-08'});
  await run('send', '-b', 'Sandbox-Echo', 'hello');
  const [first, ...others] = operationsOf(sandbox);
  expect(first).toBe('/');
  // Bot, subscription and socket are requested at the same time.
  expect(others.slice(0, 3).toSorted()).toEqual([
    expect.stringMatching(/^\/up\//),
    'HandleBotLandingPageQuery',
    'subscriptionsMutation',
  ]);
  expect(others.slice(3)).toEqual(['sendMessageMutation']);
});
