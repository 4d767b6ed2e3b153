import {describe, expect, test} from 'vitest';
import type {TestSandbox} from '../../src/sandbox/faults/test-sandbox.js';
import {countSends, type RunOptions, withSandbox} from '../support/harness.js';
import {seconds} from '../support/patience.js';

/* The same commands with both backends: a browser session and an API key. */

const completions = '/v1/chat/completions';

interface Backend {
  name: 'web' | 'api';
  env: (sandbox: TestSandbox) => Record<string, string | undefined>;
  oldEnv: Record<string, string>;
  spendAll: (sandbox: TestSandbox) => void;
  stall: (sandbox: TestSandbox) => void;
  /** A bot whose reply is incomplete after `stall`. */
  slowBot: string;
  limitRate: (sandbox: TestSandbox) => void;
}

const backends: Backend[] = [
  {
    name: 'web',
    env: () => ({}),
    oldEnv: {POE_P_B: 'old'},
    spendAll: ({world}) => world.spend(world.viewer.points),
    stall({faults}) {
      faults.silentAfter(1);
      faults.respondAlways({operation: 'chatPage'}, 'silence');
    },
    slowBot: 'Sandbox-Count',
    limitRate: ({faults}) => faults.respondAlways({operation: 'botInfo'}, {status: 429}),
  },
  {
    name: 'api',
    env: ({apiKey}) => ({POE_P_B: undefined, POE_P_LAT: undefined, POE_API_KEY: apiKey}),
    oldEnv: {POE_API_KEY: 'old'},
    spendAll: ({faults}) => faults.respondAlways({path: completions}, {status: 402}),
    stall: () => {},
    slowBot: 'Sandbox-Slow',
    limitRate: ({faults}) => faults.respondAlways({path: completions}, {status: 429, headers: {'Retry-After': '90'}}),
  },
];

describe.each(backends)('with the $name backend', ({name, env, oldEnv, spendAll, stall, slowBot, limitRate}) => {
  async function start(options: {pace?: number} = {}) {
    const {sandbox, runWith: runAs} = await withSandbox(options);
    const backendEnv = env(sandbox);
    const runWith = ({env: more, ...rest}: RunOptions, ...argv: string[]) =>
      runAs({...rest, env: {...backendEnv, ...more}}, ...argv);
    return {sandbox, run: (...argv: string[]) => runWith({}, ...argv), runWith};
  }

  async function withChat() {
    const setup = await start();
    const reply = JSON.parse((await setup.run('send', '--json', '-b', 'Sandbox-Count', 'count to 3')).out);
    const code: string = reply.chat.chatCode;
    const messages = async () =>
      (await setup.run('history', 'show', code, '--json')).out
        .trimEnd()
        .split('\n')
        .map((line): {text: string; author: string} => JSON.parse(line));
    return {...setup, reply, code, messages};
  }

  test('an empty name of a bot is a usage error, and nothing is sent', async () => {
    const {run, sandbox} = await start();
    for (const argv of [
      ['send', 'hello', '-b', ''],
      ['send', 'hello', '-b', ' @ '],
      ['send', 'hello', '-b', '..'],
      ['bot-info', ''],
      ['history', '--bot', ''],
      ['settings', 'default-bot', ''],
    ]) {
      const {code, err} = await run(...argv);
      const bot = JSON.stringify(argv.at(-1));
      expect({argv, code, err}).toEqual({
        argv,
        code: 2,
        err: `poe: Invalid bot ${bot}\n     Name the bot by its handle.\n`,
      });
    }
    expect(sandbox.requests.filter(({path}) => path.startsWith('/bot') || path === completions)).toEqual([]);
    expect(countSends(sandbox)).toBe(0);
  });

  test('send prints only the text of the reply', async () => {
    const {run} = await start();
    const bytes = 'grüße, 世界 👋 **not rendered**';
    expect(await run('send', '-b', 'sandbox-ECHO', bytes)).toEqual({code: 0, out: `${bytes}\n`, err: ''});
  });

  test('the message comes from arguments, stdin or both', async () => {
    const {runWith} = await start();
    const both = await runWith({stdin: 'line 1\nline 2\n'}, 'send', '-b', 'Sandbox-Echo', 'review', 'this:');
    expect(both.out).toBe('review this:\n\nline 1\nline 2\n');
    expect((await runWith({stdin: 'alone'}, '-b', 'Sandbox-Echo')).out).toBe('alone\n');
    expect((await runWith({}, 'send', '-b', 'Sandbox-Echo')).code).toBe(2);
  });

  test('--json prints the complete reply and its backend', async () => {
    const {run} = await start();
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

  test('--stream-json prints one event per line, and their texts add up to the reply', async () => {
    const {run} = await start();
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

  test('--info prints the cost and the points left on stderr', async () => {
    const {run} = await start();
    const {code, out, err} = await run('send', '--info', '-b', 'Sandbox-Count', 'count to 2');
    expect({code, out}).toEqual({code: 0, out: '1 2\n'});
    expect(err).toMatch(/^Cost +\d+ points/m);
    expect(err).toMatch(/^Left +[\d,]+ points/m);
  });

  test('explore finds bots, and bot-info shows one', async () => {
    const {run} = await start();
    const found = (await run('explore', 'gemini', '--json', '--all')).out.trimEnd().split('\n');
    expect(found.map((line): string => JSON.parse(line).handle.toLowerCase())).toContain('gemini-2.0-flash');
    expect((await run('explore', 'gemini', '--json', '-n', '1')).out.trimEnd().split('\n')).toHaveLength(1);
    const info = await run('bot-info', 'GEMINI-2.0-flash', '--json');
    expect(JSON.parse(info.out)).toMatchObject({handle: 'gemini-2.0-flash', description: expect.any(String)});
    expect((await run('bot-info', 'gemni-2.0-flash')).code).toBe(3);
  });

  test('settings shows the points and the default bot', async () => {
    const {run} = await start();
    const chosen = JSON.parse((await run('settings', 'default-bot', 'Sandbox-Echo', '--json')).out);
    expect(chosen).toMatchObject({
      defaultBot: {displayName: 'Sandbox-Echo'},
      messagePointInfo: {messagePointBalance: expect.any(Number)},
    });
    expect((await run('settings')).out).toContain('Default bot\tSandbox-Echo');
    expect(await run('send', 'hello')).toEqual({code: 0, out: 'hello\n', err: ''});
    expect((await run('settings', 'default-bot', 'Sandbox-Ecko')).code).toBe(3);
  });

  test('-c continues a chat by its code, its id, or last', async () => {
    const {run, reply, code} = await withChat();
    for (const chat of [code, String(reply.chat.chatId), 'last']) {
      const further = JSON.parse((await run('send', '--json', '-c', chat, 'count to 2')).out);
      expect({chat, further}).toMatchObject({chat, further: {text: '1 2', chat: {chatCode: code}}});
    }
    expect((await run('send', '-c', `${code}x`, 'hello')).code).toBe(3);
  });

  test('history lists, shows and exports chats', async () => {
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

  test('a chat can be renamed, and found by its title or its text', async () => {
    const {run, code} = await withChat();
    expect(JSON.parse((await run('title', '--json', code, 'A trip to Porto')).out).title).toBe('A trip to Porto');
    expect((await run('history', 'search', 'porto')).out).toContain(code);
    expect((await run('history', 'search', '--messages', 'COUNT TO 3')).out).toContain(code);
    expect((await run('history', 'search', 'text in no chat')).out).toBe('');
  });

  test('retry replaces the last reply', async () => {
    const {run, code, messages} = await withChat();
    expect(JSON.parse((await run('retry', '--json', code)).out)).toMatchObject({text: '1 2 3', via: name});
    expect(await messages()).toMatchObject([{text: 'count to 3'}, {text: '1 2 3'}]);
  });

  test('attach prints the last reply again', async () => {
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

  test('messages are deleted by their ids', async () => {
    const {run, reply, code, messages} = await withChat();
    const {messageId} = reply.userMessage;
    expect((await run('delete-messages', code, String(messageId))).code).toBe(0);
    expect(await messages()).toMatchObject([{text: '1 2 3'}]);
  });

  test('delete-chat asks for confirmation, and the chat is then gone', async () => {
    const {run, code} = await withChat();
    expect((await run('delete-chat', code)).code).toBe(2);
    expect(JSON.parse((await run('delete-chat', '--yes', '--json', code)).out)).toEqual({deleted: 1});
    expect((await run('history', 'show', code)).code).toBe(3);
    expect((await run('send', '-c', 'last', 'hello')).code).toBe(3);
  });

  test('a bot that does not exist exits with 3 and suggests similar names', async () => {
    const {run} = await start();
    const {code, out, err} = await run('send', '-b', 'gemni-2.0-flash', 'hello');
    expect({code, out}).toEqual({code: 3, out: ''});
    expect(err).toContain('gemini-2.0-flash');
  });

  test('without a login or with an expired one, commands exit with 4 and explain how to log in', async () => {
    const {run, runWith, sandbox} = await start();
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
      const {code, err} = await runWith({env: oldEnv}, ...argv);
      expect({argv, code}).toEqual({argv, code: 4});
      expect(err).toContain('poe login');
    }
    expect((await run('whoami')).code).toBe(0);
  });

  test('sending exits with 5 without points, and when rate limited', async () => {
    const {run, sandbox} = await start();
    spendAll(sandbox);
    expect(await run('send', '-b', 'Sandbox-Count', 'hello')).toMatchObject({code: 5, out: ''});
    const other = await start();
    limitRate(other.sandbox);
    expect(await other.run('send', '-b', 'Sandbox-Count', 'hello')).toMatchObject({code: 5, out: ''});
  });

  test('an unreachable server exits with 6', async () => {
    const {runWith} = await start();
    const nowhere = {POE_BASE_URL: 'http://127.0.0.1:1', POE_API_URL: 'http://127.0.0.1:1'};
    const {code, out, err} = await runWith({env: nowhere}, 'send', '-b', 'Sandbox-Count', '--json', 'hello');
    expect({code, out}).toEqual({code: 6, out: ''});
    expect(JSON.parse(err).error).toMatchObject({code: 'network', retryable: true});
  });

  test('an incomplete reply is printed and exits with 7', async () => {
    const {run, sandbox} = await start({pace: 0.2});
    stall(sandbox);
    const {code, out} = await run('send', '--timeout', seconds(1), '-b', slowBot, 'count to 9');
    expect(code).toBe(7);
    expect(out).toMatch(/^1/);
  });

  test('Ctrl-C exits with 130 and keeps the partial reply', async () => {
    const {runWith} = await start({pace: 0.3});
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
