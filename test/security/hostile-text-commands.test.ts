import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {cuttingProxy} from '../support/cutting-proxy.js';
import {clientId} from '../../src/sandbox/api/sign-in.js';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';
import {leak, marks} from '../support/hostile-text.js';
import {everyPoison, poisonedJson, runOnTerminal} from '../support/hostile-proxy.js';

/* Whatever people, bots and Poe have written into any field of any answer, no command lets it through to a terminal. */

/** Where a command shows what is poisoned: on stdout, on stderr, or not at all but for numbers and words of poe's own. */
type Shown = 'out' | 'err' | 'nothing';
type Line = readonly [shown: Shown, ...argv: string[]];

/** Runs each line on a terminal as it is, with `--json` and with `-v`; each that shows what is poisoned shows marks in it. */
async function expectClean(lines: readonly Line[], env: Record<string, string>): Promise<void> {
  const [leaks, unmarked]: [unknown[], unknown[]] = [[], []];
  for (const [shown, ...argv] of lines) {
    for (const more of [[], ['--json'], ['-v']]) {
      const line = [...argv, ...more].join(' ');
      const {out, err} = await runOnTerminal([...argv, ...more], env);
      const leaked = leak(out) ?? leak(err);
      if (leaked !== undefined) leaks.push({line, leaked});
      if (more.includes('--json') || shown === 'nothing') continue;
      if (!marks.test(shown === 'out' ? out : err)) unmarked.push({line, out, err});
    }
  }
  expect({leaks, unmarked}).toEqual({leaks: [], unmarked: []});
}

/** Names of fields that poe finds things by, or tells by what they are. */
const finding = String.raw`id|cursor|code|handle|time|nonce|type|__typename|isEntity|_name|state|^status|author|hash`;
const forPeople = new RegExp(`(?<!${finding})$`, 'i');

test('no command lets through what stands in the texts of poe.com', async () => {
  const {sandbox, configDir} = await withSandbox();
  const poisoned = (json: string) => poisonedJson(json, forPeople);
  const proxy = await cuttingProxy(sandbox.url, {
    rewrite: (body) => (body.startsWith('{"data"') ? poisoned(body) : body),
    rewriteFrame: (text) => [poisoned(text)],
  });
  const code = sandbox.world.chats[0]?.code ?? '';
  const env = {...sandbox.env, POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, POE_CONFIG_DIR: configDir};
  await expectClean(
    [
      ['out', 'history', '-n', '5'],
      ['out', 'history', 'show', code],
      ['out', 'history', 'export', code],
      ['out', 'history', 'export', code, '--format', 'html'],
      ['out', 'history', 'export', code, '--format', 'json'],
      ['out', 'history', 'search', 'e'],
      ['out', 'explore', '-n', '5'],
      ['out', 'explore', 'gemini', '-n', '5'],
      ['out', 'explore', '--user', 'o', '-n', '3'],
      ['out', 'categories'],
      ['out', 'bot-info', 'gemini-2.0-flash'],
      ['out', 'user-info', 'openai'],
      ['out', 'settings'],
      ['out', 'whoami'],
      ['out', 'attach', code],
      // The bot of a chat is looked up by its name, which is not found.
      ['err', 'retry', code],
      ['out', 'send', '-b', 'Sandbox-Count', 'hello'],
      ['err', 'send', '-b', 'Sandbox-Count', '--info', 'hello'],
      ['out', 'send', '-x', '-b', 'Sandbox-Echo', `\`\`\`\n${everyPoison}\n\`\`\``],
      ['out', 'send', '-b', 'Sandbox-Image', 'hello'],
      ['nothing', 'save', 'last', '9'],
      ['out', 'send', '-b', 'Sandbox-App', 'hello'],
      ['nothing', 'previews', 'last'],
      ['out', 'send', '-b', 'Sandbox-Nasty', 'hello'],
      ['err', 'send', '-b', 'Sandbox-Fails', 'hello'],
      ['nothing', 'send', '-b', 'Sandbox-Broke', 'hello'],
      ['out', 'send', '-b', 'Sandbox-Rewrite', 'hello'],
      ['nothing', 'share', 'last'],
      ['nothing', 'cost', 'last'],
      ['nothing', 'doctor'],
    ],
    {...env, PAGER: 'cat'},
  );
  for (const kind of ['bots', 'chats']) {
    const {out} = await runMain(['completion', '--values', kind], {env});
    expect({kind, leak: leak(out)}).toEqual({kind, leak: undefined});
    expect(out).toMatch(/^[^\t]+\t.*[\u2400-\u2421]/m);
  }
});

test('nor what stands where poe finds things by it: handles, codes, states, names of operations and types', async () => {
  const {sandbox, configDir} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url, {
    rewrite: (body) => (body.startsWith('{"data"') ? poisonedJson(body, new RegExp(finding, 'i')) : body),
  });
  const code = sandbox.world.chats[0]?.code ?? '';
  const env = {...sandbox.env, POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, POE_CONFIG_DIR: configDir};
  await expectClean(
    [
      ['out', 'history', '-n', '5'],
      ['nothing', 'history', 'show', code],
      ['out', 'explore', '-n', '5'],
      ['out', 'explore', '--user', 'o', '-n', '3'],
      ['out', 'bot-info', 'gemini-2.0-flash'],
      ['out', 'user-info', 'openai'],
      ['nothing', 'settings'],
      ['nothing', 'send', '-b', 'Sandbox-Count', 'hello'],
      ['nothing', 'share', code],
    ],
    {...env, PAGER: 'cat'},
  );
  for (const kind of ['bots', 'chats', 'categories']) {
    const {code: exit, out} = await runMain(['completion', '--values', kind], {env});
    expect({kind, exit, leak: leak(out)}).toEqual({kind, exit: 0, leak: undefined});
    // What cannot be typed is not offered.
    expect(out).not.toMatch(/^[^\t\n]*[\u2400-\u2421\uFFFD]/m);
  }
});

test('nor what is typed: a message about a wrong word quotes it with marks', async () => {
  const {sandbox} = await withSandbox();
  await expectClean(
    [
      ['err', 'send', '-b', `gemni ${everyPoison}`, 'hello'],
      ['err', 'send', '-f', `/nonexistent ${everyPoison}`, 'hello'],
      ['err', `--${everyPoison}`],
      ['nothing', 'histroy', everyPoison],
      ['err', 'bot-info', `x ${everyPoison}`],
      ['err', 'user-info', `x ${everyPoison}`],
      ['nothing', 'explore', everyPoison, '--bot', 'x'],
      ['err', 'explore', '--category', everyPoison],
      ['err', 'settings', 'point-limit', everyPoison],
      ['err', 'login', '--site-file', `/nonexistent ${everyPoison}`],
      ['err', 'usage', '--since', everyPoison],
      ['nothing', 'send', '-c', `nosuch ${everyPoison}`, 'hello'],
      ['nothing', 'whoami', '--profile', everyPoison],
      ['nothing', 'delete-chat', `x ${everyPoison}`],
      ['nothing', 'import', `x ${everyPoison}`],
    ],
    {...sandbox.env, POE_CONFIG_DIR: temporaryFolder()},
  );
});
test('nor what Poe refuses a message with, nor an answer that stands in for the right one', async () => {
  const answers = [
    {data: null, errors: [{message: everyPoison}]},
    {success: false, message: everyPoison},
    {data: {messageEdgeCreate: {status: 'reached_limit', statusMessage: everyPoison}}},
    {data: {messageEdgeCreate: {status: everyPoison, statusMessage: everyPoison}}},
  ];
  const bodies = [...answers.map((answer) => JSON.stringify(answer)), everyPoison, `<title>${everyPoison}</title>`];
  const headers = {Location: 'https://evil.example/\u009b77A', Server: '\u009b77A'};
  const [sendMessage, botInfo] = ['sendMessage', 'botInfo'] as const;
  const shown = await Promise.all(
    bodies.map(async (body) => {
      const {sandbox, configDir} = await withSandbox();
      const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
      const written: string[] = [];
      const run = async (...line: string[]) => {
        const {code, out, err} = await runOnTerminal([...line, '-v'], env);
        expect({line, body, out: leak(out), err: leak(err)}).toMatchObject({out: undefined, err: undefined});
        expect(code).toBeGreaterThan(0);
        written.push(out + err);
      };
      const [operation, statuses] = body.startsWith('{') ? [sendMessage, [200, 403]] : [botInfo, [200, 302, 400, 403]];
      for (const status of statuses) {
        sandbox.faults.clear();
        sandbox.faults.respondAlways({operation}, {status, body, headers});
        await run('send', '-b', 'Sandbox-Count', 'hello');
      }
      sandbox.faults.clear();
      sandbox.faults.respondAlways({path: '/'}, {status: 200, body, headers});
      sandbox.faults.respondAlways({path: '/api/settings'}, {status: 200, body, headers});
      await run('send', '-b', 'Sandbox-Count', 'hello');
      await run('doctor');
      return written.some((text) => marks.test(text));
    }),
  );
  // What is no answer of Poe's is not quoted.
  expect(shown).toEqual([true, true, true, true, false, false]);
});

const filesOf = (folder: string): string[] =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((name) => /\.jsonl?$/.test(name))
    .map((name) => join(folder, name));

const textOf = (path: string): string => readFileSync(path, 'utf8');

/** Changes the files of poe as somebody might by hand: they are not to be trusted either. */
function spoil(configDir: string): void {
  const names = /^(?:title|text|bot|handle|name|email|apiBot|apiKeyExpires|categories)$/;
  for (const path of filesOf(configDir)) {
    const text = textOf(path).trimEnd();
    const lines = path.endsWith('l') ? text.split('\n') : [text];
    writeFileSync(path, lines.map((line) => `${poisonedJson(line, names)}\n`).join(''));
  }
}

/** What people and bots may have written, in the answers of the API. */
const forPeopleThere =
  /^(?:description|owned_by|display_name|name|content|reasoning_content|message|bot_name|chat_name|app_name|text|type|code|error_type)$/;

test('over the API neither, nor out of a chat on this machine', async () => {
  const {sandbox, configDir} = await withSandbox();
  const poisoned = (json: string) => poisonedJson(json, forPeopleThere);
  const proxy = await cuttingProxy(sandbox.apiUrl, {
    rewrite: (body) =>
      body.startsWith('{') ? poisoned(body) : body.replaceAll(/(?<=^data: )\{.*\}(?=\r?$)/gm, poisoned),
    // The name of a request, which -v tells.
    headers: {'x-request-id': '\u009b77A'},
    pieceBytes: 7,
  });
  const env = {POE_API_KEY: sandbox.apiKey, POE_API_URL: proxy.url, POE_CONFIG_DIR: configDir, PAGER: 'cat'};
  await expectClean(
    [
      ['out', 'send', '-b', 'assistant', 'hello'],
      ['out', 'send', '-b', 'assistant', '--protocol', 'native', `hello ${everyPoison}`],
      ['out', 'send', '-b', 'sandbox-thinker', 'hello'],
      ['err', 'send', '-b', `gemni ${everyPoison}`, 'hello'],
      ['err', 'send', '-b', 'assistant', '--param', `${everyPoison}=1`, 'hello'],
      ['out', 'title', 'last', `mine ${everyPoison}`],
      ['out', 'history'],
      ['out', 'history', 'show', 'last'],
      ['out', 'history', 'export', 'last'],
      ['out', 'history', 'search', 'hello'],
      ['out', 'attach', 'last'],
      ['out', 'explore', '-n', '5'],
      ['out', 'bot-info', 'assistant'],
      ['nothing', 'settings'],
      ['err', 'settings', '-v'],
      ['out', 'usage'],
      ['nothing', 'doctor'],
    ],
    env,
  );
  spoil(configDir);
  await expectClean(
    [
      ['out', 'history'],
      ['out', 'history', 'show', 'last'],
      ['out', 'history', 'export', 'last'],
      ['out', 'attach', 'last'],
      ['nothing', 'settings'],
      ['nothing', 'whoami'],
    ],
    env,
  );
});

test('nor what was kept of a reply that broke off, nor names for completion, where the files were changed', async () => {
  const {sandbox, configDir} = await withSandbox({pace: 0.1});
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
  const stdin = JSON.stringify({'p-b': sandbox.tokens.pB, 'p-lat': sandbox.tokens.pLat});
  await runMain(['login'], {stdin, env: {POE_BASE_URL: sandbox.url, POE_CONFIG_DIR: configDir}});
  await runMain(['send', '-b', 'Sandbox-Count', 'hello'], {env});
  const proxy = await cuttingProxy(sandbox.url);
  const onOut = () => {
    proxy.mute();
    sandbox.faults.respondAlways({operation: 'chatPage'}, 'silence');
  };
  const words = ['send', '--timeout', '0.5', '-b', 'Sandbox-Slow', 'hello'];
  expect((await runMain(words, {env: {...env, POE_BASE_URL: proxy.url}, onOut})).code).toBe(7);
  spoil(configDir);
  await expectClean([['out', 'attach', 'last']], {...env, POE_BASE_URL: 'http://127.0.0.1:9'});
  for (const kind of ['bots', 'chats', 'categories', 'profiles']) {
    const {out} = await runMain(['completion', '--values', kind], {env});
    expect({kind, leak: leak(out)}).toEqual({kind, leak: undefined});
    if (kind === 'chats' || kind === 'profiles') expect(out).toMatch(/^[^\t]+\t.*[\u2400-\u2421]/m);
  }
});

test('nor what a question names', async () => {
  const {sandbox, configDir} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url, {
    rewrite: (body) => (body.startsWith('{"data"') ? poisonedJson(body, /^title$/) : body),
  });
  const code = sandbox.world.chats[0]?.code ?? '';
  const env = {...sandbox.env, POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, POE_CONFIG_DIR: configDir};
  const answers: [RegExp, string][] = [[/Delete the chat/, 'n\r']];
  const {code: exit, err} = await runOnTerminal(['delete-chat', code], env, {answers});
  expect({exit, leak: leak(err)}).toEqual({exit: 130, leak: undefined});
  expect(err).toMatch(marks);
});

test('nor what Poe says of a login that failed', async () => {
  const {sandbox, configDir} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.apiUrl, {
    rewrite: () => JSON.stringify({error: everyPoison, error_description: everyPoison}),
  });
  const env = {POE_BASE_URL: sandbox.url, POE_API_URL: proxy.url, POE_CLIENT_ID: clientId, POE_CONFIG_DIR: configDir};
  const login = async (visit: (url: URL) => Promise<unknown>) => {
    let url: string | undefined;
    const {code, err} = await runOnTerminal(['login', '--api-key', '--no-browser'], env, {
      onErr(text) {
        const found = /http:\S+authorize\S+/.exec(text)?.[0];
        if (url === undefined && found !== undefined) void visit(new URL((url = found)));
      },
      columns: 1000,
    });
    expect({code, leak: leak(err)}).toEqual({code: 1, leak: undefined});
    expect(err).toMatch(marks);
  };
  await login((url) => fetch(url));
  await login((url) => {
    const back = new URL(url.searchParams.get('redirect_uri') ?? '');
    const state = url.searchParams.get('state') ?? '';
    back.search = new URLSearchParams({error: 'odd', error_description: everyPoison, state}).toString();
    return fetch(back);
  });
});
