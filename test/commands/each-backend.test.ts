import {describe, expect, test} from 'vitest';
import type {TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';
import {type RunOptions, withSandbox} from '../support/harness.js';

/* What holds whichever way one is logged in: the same commands, once with a session and once with a key. */

const completions = '/v1/chat/completions';

interface Way {
  name: 'web' | 'api';
  env: (sandbox: TestSandbox) => Record<string, string | undefined>;
  notTaken: Record<string, string>;
  spendAll: (sandbox: TestSandbox) => void;
  fallSilent: (sandbox: TestSandbox) => void;
  /** A bot whose reply then does not come to its end. */
  silent: string;
  limitRate: (sandbox: TestSandbox) => void;
}

const ways: Way[] = [
  {
    name: 'web',
    env: () => ({}),
    notTaken: {POE_P_B: 'old'},
    spendAll: ({world}) => world.spend(world.viewer.points),
    fallSilent({faults}) {
      faults.silentAfter(1);
      faults.respondAlways({operation: 'chatPage'}, 'silence');
    },
    silent: 'Sandbox-Count',
    limitRate: ({faults}) => faults.respondAlways({operation: 'botInfo'}, {status: 429}),
  },
  {
    name: 'api',
    env: ({apiKey}) => ({POE_P_B: undefined, POE_P_LAT: undefined, POE_API_KEY: apiKey}),
    notTaken: {POE_API_KEY: 'old'},
    spendAll: ({faults}) => faults.respondAlways({path: completions}, {status: 402}),
    fallSilent: () => {},
    silent: 'Sandbox-Slow',
    limitRate: ({faults}) => faults.respondAlways({path: completions}, {status: 429, headers: {'Retry-After': '90'}}),
  },
];

describe.each(ways)('by $name', ({name, env, notTaken, spendAll, fallSilent, silent, limitRate}) => {
  async function logged(options: {pace?: number} = {}) {
    const {sandbox, runWith: runIn} = await withSandbox(options);
    const here = env(sandbox);
    const runWith = ({env: more, ...rest}: RunOptions, ...argv: string[]) =>
      runIn({...rest, env: {...here, ...more}}, ...argv);
    return {sandbox, run: (...argv: string[]) => runWith({}, ...argv), runWith};
  }

  async function withChat() {
    const given = await logged();
    const reply = JSON.parse((await given.run('send', '--json', '-b', 'Sandbox-Count', 'count to 3')).out);
    const code: string = reply.chat.chatCode;
    const messages = async () =>
      (await given.run('history', 'show', code, '--json')).out
        .trimEnd()
        .split('\n')
        .map((line): {text: string; author: string} => JSON.parse(line));
    return {...given, reply, code, messages};
  }

  test('a bot answers, and only its text is printed', async () => {
    const {run} = await logged();
    const bytes = 'grüße, 世界 👋 **not rendered**';
    expect(await run('send', '-b', 'sandbox-ECHO', bytes)).toEqual({code: 0, out: `${bytes}\n`, err: ''});
  });

  test('words and stdin are the message, together or alone', async () => {
    const {runWith} = await logged();
    const both = await runWith({stdin: 'line 1\nline 2\n'}, 'send', '-b', 'Sandbox-Echo', 'review', 'this:');
    expect(both.out).toBe('review this:\n\nline 1\nline 2\n');
    expect((await runWith({stdin: 'alone'}, '-b', 'Sandbox-Echo')).out).toBe('alone\n');
    expect((await runWith({}, 'send', '-b', 'Sandbox-Echo')).code).toBe(2);
  });

  test('--json prints the whole reply, and the way it came', async () => {
    const {run} = await logged();
    const {code, out, err} = await run('send', '--json', '-b', 'sandbox-count', 'count to 3');
    expect({code, err}).toEqual({code: 0, err: ''});
    expect(JSON.parse(out)).toMatchObject({
      text: '1 2 3',
      state: 'complete',
      bot: expect.stringMatching(/^sandbox-count$/i),
      via: name,
      chat: {
        id: expect.any(String),
        chatId: expect.any(Number),
        chatCode: expect.any(String),
        title: expect.any(String),
        bot: expect.stringMatching(/^sandbox-count$/i),
      },
      userMessage: {messageId: expect.any(Number)},
      botMessage: {messageId: expect.any(Number)},
      attachments: [],
      suggestedReplies: expect.any(Array),
      points: {cost: null, balance: null},
    });
  });

  test('--stream-json prints one event a line, whose texts add up to the reply', async () => {
    const {run} = await logged();
    const {code, out} = await run('send', '--stream-json', '-b', 'Sandbox-Count', 'count to 5');
    const events = out
      .trimEnd()
      .split('\n')
      .map((line): {type: string; text?: string} => JSON.parse(line));
    expect({code, first: events[0]?.type}).toEqual({code: 0, first: 'start'});
    const texts = events.filter(({type}) => type === 'append').map(({text}) => text);
    expect(texts.join('')).toBe('1 2 3 4 5');
    expect(events.at(-1)).toMatchObject({type: 'done', text: '1 2 3 4 5', state: 'complete', via: name});
  });

  test('--info tells what it cost and what is left, on stderr', async () => {
    const {run} = await logged();
    const {code, out, err} = await run('send', '--info', '-b', 'Sandbox-Count', 'count to 2');
    expect({code, out}).toEqual({code: 0, out: '1 2\n'});
    expect(err).toMatch(/^Cost +\d+ points/m);
    expect(err).toMatch(/^Left +[\d,]+ points/m);
  });

  test('explore finds bots, and bot-info tells of one', async () => {
    const {run} = await logged();
    const found = (await run('explore', 'gemini', '--json', '--all')).out.trimEnd().split('\n');
    expect(found.map((line): string => JSON.parse(line).handle.toLowerCase())).toContain('gemini-2.0-flash');
    expect((await run('explore', 'gemini', '--json', '-n', '1')).out.trimEnd().split('\n')).toHaveLength(1);
    const info = await run('bot-info', 'GEMINI-2.0-flash', '--json');
    expect(JSON.parse(info.out)).toMatchObject({handle: 'gemini-2.0-flash', description: expect.any(String)});
    expect((await run('bot-info', 'gemni-2.0-flash')).code).toBe(3);
  });

  test('settings tells the points, and the default bot once it was chosen', async () => {
    const {run} = await logged();
    const chosen = JSON.parse((await run('settings', 'default-bot', 'Sandbox-Echo', '--json')).out);
    expect(chosen).toMatchObject({
      defaultBot: {displayName: 'Sandbox-Echo'},
      messagePointInfo: {messagePointBalance: expect.any(Number)},
    });
    expect((await run('settings')).out).toContain('Default bot\tSandbox-Echo');
    expect(await run('send', 'hello')).toEqual({code: 0, out: 'hello\n', err: ''});
    expect((await run('settings', 'default-bot', 'Sandbox-Ecko')).code).toBe(3);
  });

  test('-c goes on with a chat by its code, its number, and as last', async () => {
    const {run, reply, code} = await withChat();
    for (const chat of [code, String(reply.chat.chatId), 'last']) {
      const further = JSON.parse((await run('send', '--json', '-c', chat, 'count to 2')).out);
      expect({chat, further}).toMatchObject({chat, further: {text: '1 2', chat: {chatCode: code}}});
    }
    expect((await run('send', '-c', `${code}x`, 'hello')).code).toBe(3);
  });

  test('history lists, shows and exports what was said', async () => {
    const {run, code, messages} = await withChat();
    expect((await run('history', '-n', '1', '--json')).out).toContain(`"${code}"`);
    expect(await messages()).toMatchObject([{text: 'count to 3'}, {text: '1 2 3'}]);
    for (const [format, text] of [
      ['md', '## You'],
      ['json', '"count to 3"'],
      ['html', '<!doctype html>'],
    ] as const) {
      expect((await run('history', 'export', '--format', format, code)).out).toContain(text);
    }
    expect((await run('history', '--bot', 'sandbox-count', '--json', '--all')).out).toContain(`"${code}"`);
  });

  test('a chat is renamed, and found by its title and by what was said', async () => {
    const {run, code} = await withChat();
    expect(JSON.parse((await run('title', '--json', code, 'A trip to Porto')).out).title).toBe('A trip to Porto');
    expect((await run('history', 'search', 'porto')).out).toContain(code);
    expect((await run('history', 'search', '--messages', 'COUNT TO 3')).out).toContain(code);
    expect((await run('history', 'search', 'nobody wrote this')).out).toBe('');
  });

  test('retry has the last reply written anew, in place of the old one', async () => {
    const {run, code, messages} = await withChat();
    expect(JSON.parse((await run('retry', '--json', code)).out)).toMatchObject({text: '1 2 3', via: name});
    expect(await messages()).toMatchObject([{text: 'count to 3'}, {text: '1 2 3'}]);
  });

  test('attach gives the last reply again', async () => {
    const {run, code} = await withChat();
    expect(await run('attach', code)).toEqual({code: 0, out: '1 2 3\n', err: ''});
  });

  test('clear-context keeps the messages', async () => {
    const {run, code, messages} = await withChat();
    expect(JSON.parse((await run('clear-context', '--json', code)).out)).toEqual({cleared: true});
    const texts = (await messages()).map(({text}) => text);
    expect(texts).toContain('count to 3');
    expect(texts).toContain('1 2 3');
  });

  test('messages are deleted by their numbers', async () => {
    const {run, reply, code, messages} = await withChat();
    const {messageId} = reply.userMessage;
    expect((await run('delete-messages', code, String(messageId))).code).toBe(0);
    expect(await messages()).toMatchObject([{text: '1 2 3'}]);
  });

  test('a chat is deleted when one is sure, and then it is nowhere', async () => {
    const {run, code} = await withChat();
    expect((await run('delete-chat', code)).code).toBe(2);
    expect(JSON.parse((await run('delete-chat', '--yes', '--json', code)).out)).toEqual({deleted: 1});
    expect((await run('history', 'show', code)).code).toBe(3);
    expect((await run('send', '-c', 'last', 'hello')).code).toBe(3);
  });

  test('a bot that does not exist ends with 3, and names near it are told', async () => {
    const {run} = await logged();
    const {code, out, err} = await run('send', '-b', 'gemni-2.0-flash', 'hello');
    expect({code, out}).toEqual({code: 3, out: ''});
    expect(err).toContain('gemini-2.0-flash');
  });

  test('without a login, and with one that is no longer good, commands end with 4 and say how to log in', async () => {
    const {run, runWith, sandbox} = await logged();
    const nothing = Object.fromEntries(Object.keys({POE_P_B: '', ...env(sandbox)}).map((name) => [name, undefined]));
    for (const argv of [
      ['send', 'hello'],
      ['explore', 'x'],
      ['bot-info', 'x'],
      ['settings'],
      ['history'],
      ['whoami'],
    ]) {
      const {code, out, err} = await runWith({env: nothing}, ...argv);
      expect({argv, code, out}).toEqual({argv, code: 4, out: ''});
      expect(err).toContain('poe login');
    }
    for (const argv of [['send', '-b', 'Sandbox-Echo', 'hello'], ['settings'], ['whoami']]) {
      const {code, err} = await runWith({env: notTaken}, ...argv);
      expect({argv, code}).toEqual({argv, code: 4});
      expect(err).toContain('poe login');
    }
    expect((await run('whoami')).code).toBe(0);
  });

  test('without points a message ends with 5, and with a limit of the rate too', async () => {
    const {run, sandbox} = await logged();
    spendAll(sandbox);
    expect(await run('send', '-b', 'Sandbox-Count', 'hello')).toMatchObject({code: 5, out: ''});
    const other = await logged();
    limitRate(other.sandbox);
    expect(await other.run('send', '-b', 'Sandbox-Count', 'hello')).toMatchObject({code: 5, out: ''});
  });

  test('where nothing answers, commands end with 6', async () => {
    const {runWith} = await logged();
    const nowhere = {POE_BASE_URL: 'http://127.0.0.1:1', POE_API_URL: 'http://127.0.0.1:1'};
    const {code, out, err} = await runWith({env: nowhere}, 'send', '-b', 'Sandbox-Count', '--json', 'hello');
    expect({code, out}).toEqual({code: 6, out: ''});
    expect(JSON.parse(err).error).toMatchObject({code: 'network', retryable: true});
  });

  test('a reply that does not come to its end ends with 7, and what came is printed', async () => {
    const {run, sandbox} = await logged({pace: 0.2});
    fallSilent(sandbox);
    const {code, out} = await run('send', '--timeout', '1', '-b', silent, 'count to 9');
    expect(code).toBe(7);
    expect(out).toMatch(/^1/);
  });

  test('Ctrl-C ends it with 130, and what came stays', async () => {
    const {runWith} = await logged({pace: 0.3});
    const stop = new AbortController();
    const {code, out} = await runWith(
      {signal: stop.signal, onOut: () => stop.abort()},
      'send',
      '-b',
      'Sandbox-Slow',
      'x',
    );
    expect(code).toBe(130);
    expect(out.trim()).not.toBe('');
    expect(out.endsWith('\n')).toBe(true);
    const shown = await runWith({}, 'history', 'show', 'last');
    expect(shown.out).toContain(out.trim());
  });
});
