import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {cachedWords} from '../../src/completion/cached-words.js';
import type {CachedKind} from '../../src/completion/tree.js';
import {newBot} from '../support/bot-folder.js';
import {cuttingProxy} from '../support/servers/cutting-proxy.js';
import {clientId} from '../../src/sandbox/api/sign-in.js';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';
import {allPayloads, findLeak, injectPayloads, replacementMark} from '../support/hostile-text.js';
import {runOnTerminal} from '../support/terminal/fake-terminal.js';
import {seconds} from '../support/patience.js';

/* No command passes control sequences from a response of Poe to a terminal, in whatever field they are. */

/** Where a command prints text from Poe: on stdout, on stderr, or nowhere. */
type Shown = 'out' | 'err' | 'nothing';
type Line = readonly [shown: Shown, ...argv: string[]];

/** Runs each command on a terminal: as it is, with `--json` and with `-v`. Where text from Poe is printed, it contains replacement marks. */
async function expectSanitized(lines: readonly Line[], env: Record<string, string>): Promise<void> {
  const [leaks, unmarked]: [unknown[], unknown[]] = [[], []];
  for (const [shown, ...argv] of lines) {
    for (const more of [[], ['--json'], ['-v']]) {
      const line = [...argv, ...more].join(' ');
      const {out, err} = await runOnTerminal([...argv, ...more], env);
      const leak = findLeak(out) ?? findLeak(err);
      if (leak !== undefined) leaks.push({line, leak});
      if (more.includes('--json') || shown === 'nothing') continue;
      if (!replacementMark.test(shown === 'out' ? out : err)) unmarked.push({line, out, err});
    }
  }
  expect({leaks, unmarked}).toEqual({leaks: [], unmarked: []});
}

/** The completions of one kind, with their descriptions. */
const completionsOf = (kind: CachedKind, env: Record<string, string>): string =>
  cachedWords(kind, env)
    .map(({word, description}) => `${word}\t${description}`)
    .join('\n');

/** Fields that poe uses to find things or to tell their kind. */
const keyFields = String.raw`id|cursor|code|handle|time|nonce|type|__typename|isEntity|_name|state|^status|author|hash`;
const textFields = new RegExp(`(?<!${keyFields})$`, 'i');

test('text fields of poe.com are sanitized', async () => {
  const {sandbox, configDir, run} = await withSandbox();
  const folder = newBot({'knowledge/faq.md': 'Q and A'});
  await run('bot', 'push', folder, '--yes');
  const inject = (json: string) => injectPayloads(json, textFields);
  const proxy = await cuttingProxy(sandbox.url, {
    rewrite: (body) => (body.startsWith('{"data"') ? inject(body) : body),
    rewriteFrame: (text) => [inject(text)],
  });
  const code = sandbox.world.chats[0]?.code ?? '';
  const env = {...sandbox.env, POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, POE_CONFIG_DIR: configDir};
  await expectSanitized(
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
      ['out', 'bot', 'list'],
      ['out', 'bot', 'diff', folder],
      ['err', 'bot', 'push', folder, '--yes'],
      ['err', 'bot', 'pull', 'Faq-Bot', join(configDir, 'copy'), '--force'],
      ['out', 'user-info', 'openai'],
      ['out', 'settings'],
      ['out', 'whoami'],
      ['out', 'attach', code],
      // The bot of a chat is looked up by its name, which is not found.
      ['err', 'retry', code],
      ['out', 'send', '-b', 'Sandbox-Count', 'hello'],
      ['err', 'send', '-b', 'Sandbox-Count', '--info', 'hello'],
      ['out', 'send', '-x', '-b', 'Sandbox-Echo', `\`\`\`\n${allPayloads}\n\`\`\``],
      ['out', 'send', '-b', 'Sandbox-Image', 'hello'],
      ['nothing', 'save', 'last', '9'],
      ['out', 'send', '-b', 'Sandbox-App', 'hello'],
      ['nothing', 'previews', 'last'],
      ['out', 'send', '-b', 'Sandbox-Hostile', 'hello'],
      ['err', 'send', '-b', 'Sandbox-Fails', 'hello'],
      ['nothing', 'send', '-b', 'Sandbox-Broke', 'hello'],
      ['out', 'send', '-b', 'Sandbox-Rewrite', 'hello'],
      ['nothing', 'share', 'last'],
      ['nothing', 'cost', 'last'],
      ['nothing', 'doctor'],
    ],
    {...env, PAGER: 'cat'},
  );
  for (const kind of ['bots', 'chats'] as const) {
    const words = completionsOf(kind, env);
    expect({kind, leak: findLeak(words)}).toEqual({kind, leak: undefined});
    expect(words).toMatch(/^[^\t]+\t.*[\u2400-\u2421]/m);
  }
});

test('handles, codes, states and other key fields of poe.com are sanitized', async () => {
  const {sandbox, configDir, run} = await withSandbox();
  await run('bot', 'push', newBot(), '--yes');
  const proxy = await cuttingProxy(sandbox.url, {
    rewrite: (body) => (body.startsWith('{"data"') ? injectPayloads(body, new RegExp(keyFields, 'i')) : body),
  });
  const code = sandbox.world.chats[0]?.code ?? '';
  const env = {...sandbox.env, POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, POE_CONFIG_DIR: configDir};
  await expectSanitized(
    [
      ['out', 'history', '-n', '5'],
      ['nothing', 'history', 'show', code],
      ['out', 'explore', '-n', '5'],
      ['out', 'explore', '--user', 'o', '-n', '3'],
      ['out', 'bot-info', 'gemini-2.0-flash'],
      ['nothing', 'bot', 'list'],
      ['nothing', 'bot', 'pull', 'Faq-Bot'],
      ['out', 'user-info', 'openai'],
      ['nothing', 'settings'],
      ['nothing', 'send', '-b', 'Sandbox-Count', 'hello'],
      ['nothing', 'share', code],
    ],
    {...env, PAGER: 'cat'},
  );
  for (const kind of ['bots', 'chats', 'categories'] as const) {
    const words = completionsOf(kind, env);
    expect({kind, leak: findLeak(words)}).toEqual({kind, leak: undefined});
    // Words that cannot be typed are not completed.
    expect(words).not.toMatch(/^[^\t\n]*[\u2400-\u2421\uFFFD]/m);
  }
});

test('errors quote wrong arguments sanitized', async () => {
  const {sandbox} = await withSandbox();
  await expectSanitized(
    [
      ['err', 'send', '-b', `gemni ${allPayloads}`, 'hello'],
      ['err', 'send', '-f', `/nonexistent ${allPayloads}`, 'hello'],
      ['err', `--${allPayloads}`],
      ['nothing', 'histroy', allPayloads],
      ['err', 'bot-info', `x ${allPayloads}`],
      ['err', 'user-info', `x ${allPayloads}`],
      ['nothing', 'explore', allPayloads, '--bot', 'x'],
      ['err', 'explore', '--category', allPayloads],
      ['err', 'settings', 'point-limit', allPayloads],
      ['err', 'login', '--site-file', `/nonexistent ${allPayloads}`],
      ['err', 'usage', '--since', allPayloads],
      ['nothing', 'send', '-c', `nosuch ${allPayloads}`, 'hello'],
      ['nothing', 'whoami', '--profile', allPayloads],
      ['nothing', 'delete-chat', `x ${allPayloads}`],
      ['nothing', 'import', `x ${allPayloads}`],
    ],
    {...sandbox.env, POE_CONFIG_DIR: temporaryFolder()},
  );
});
test('errors quote refusals and unexpected responses of Poe sanitized', async () => {
  const answers = [
    {data: null, errors: [{message: allPayloads}]},
    {success: false, message: allPayloads},
    {data: {messageEdgeCreate: {status: 'reached_limit', statusMessage: allPayloads}}},
    {data: {messageEdgeCreate: {status: allPayloads, statusMessage: allPayloads}}},
  ];
  const bodies = [...answers.map((answer) => JSON.stringify(answer)), allPayloads, `<title>${allPayloads}</title>`];
  const headers = {Location: 'https://evil.example/\u009b77A', Server: '\u009b77A'};
  const [sendMessage, botInfo] = ['sendMessage', 'botInfo'] as const;
  const shown = await Promise.all(
    bodies.map(async (body) => {
      const {sandbox, configDir} = await withSandbox();
      const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
      const written: string[] = [];
      const run = async (...line: string[]) => {
        const {code, out, err} = await runOnTerminal([...line, '-v'], env);
        expect({line, body, out: findLeak(out), err: findLeak(err)}).toMatchObject({out: undefined, err: undefined});
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
      return written.some((text) => replacementMark.test(text));
    }),
  );
  // Responses that do not come from Poe are not quoted.
  expect(shown).toEqual([true, true, true, true, false, false]);
});

const filesOf = (folder: string): string[] =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'})
    .filter((name) => /\.jsonl?$/.test(name))
    .map((name) => join(folder, name));

const textOf = (path: string): string => readFileSync(path, 'utf8');

/** Injects payloads into poe's own files: they are not trusted, either. */
function injectIntoFiles(configDir: string): void {
  // A line that is only a text has no name.
  const names = /^(?:|title|text|bot|handle|name|email|apiBot|apiKeyExpires|categories)$/;
  for (const path of filesOf(configDir)) {
    const text = textOf(path).trimEnd();
    const lines = path.endsWith('l') ? text.split('\n') : [text];
    writeFileSync(path, lines.map((line) => `${injectPayloads(line, names)}\n`).join(''));
  }
}

/** Fields of the API that contain text of people and bots. */
const apiTextFields =
  /^(?:description|owned_by|display_name|name|content|reasoning_content|message|bot_name|chat_name|app_name|text|type|code|error_type)$/;

test('responses of the API and local chats are sanitized', async () => {
  const {sandbox, configDir} = await withSandbox();
  const inject = (json: string) => injectPayloads(json, apiTextFields);
  const proxy = await cuttingProxy(sandbox.apiUrl, {
    rewrite: (body) => (body.startsWith('{') ? inject(body) : body.replaceAll(/(?<=^data: )\{.*\}(?=\r?$)/gm, inject)),
    // -v prints the id of a request.
    headers: {'x-request-id': '\u009b77A'},
    pieceBytes: 7,
  });
  const env = {POE_API_KEY: sandbox.apiKey, POE_API_URL: proxy.url, POE_CONFIG_DIR: configDir, PAGER: 'cat'};
  await expectSanitized(
    [
      ['out', 'send', '-b', 'assistant', 'hello'],
      ['out', 'send', '-b', 'assistant', '--protocol', 'native', `hello ${allPayloads}`],
      ['out', 'send', '-b', 'sandbox-thinker', 'hello'],
      ['err', 'send', '-b', `gemni ${allPayloads}`, 'hello'],
      ['err', 'send', '-b', 'assistant', '--param', `${allPayloads}=1`, 'hello'],
      ['out', 'title', 'last', `mine ${allPayloads}`],
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
  injectIntoFiles(configDir);
  await expectSanitized(
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

test('a stored part of a reply and words for completion are sanitized, even if the files were changed', async () => {
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
  const words = ['send', '--timeout', seconds(0.5), '-b', 'Sandbox-Slow', 'hello'];
  expect((await runMain(words, {env: {...env, POE_BASE_URL: proxy.url}, onOut})).code).toBe(7);
  injectIntoFiles(configDir);
  await expectSanitized([['out', 'attach', 'last']], {...env, POE_BASE_URL: 'http://127.0.0.1:9'});
  for (const kind of ['bots', 'chats', 'categories', 'profiles'] as const) {
    const words = completionsOf(kind, env);
    expect({kind, leak: findLeak(words)}).toEqual({kind, leak: undefined});
    if (kind === 'chats' || kind === 'profiles') expect(words).toMatch(/^[^\t]+\t.*[\u2400-\u2421]/m);
  }
});

test('questions quote titles sanitized', async () => {
  const {sandbox, configDir} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.url, {
    rewrite: (body) => (body.startsWith('{"data"') ? injectPayloads(body, /^title$/) : body),
  });
  const code = sandbox.world.chats[0]?.code ?? '';
  const env = {...sandbox.env, POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, POE_CONFIG_DIR: configDir};
  const answers: [RegExp, string][] = [[/Delete "/, 'n\r']];
  const {code: exit, err} = await runOnTerminal(['delete-chat', code], env, {answers});
  expect({exit, leak: findLeak(err)}).toEqual({exit: 130, leak: undefined});
  expect(err).toMatch(replacementMark);
});

test('errors of a failed login are sanitized', async () => {
  const {sandbox, configDir} = await withSandbox();
  const proxy = await cuttingProxy(sandbox.apiUrl, {
    rewrite: () => JSON.stringify({error: allPayloads, error_description: allPayloads}),
  });
  const env = {POE_BASE_URL: sandbox.url, POE_API_URL: proxy.url, POE_CLIENT_ID: clientId, POE_CONFIG_DIR: configDir};
  const login = async (visit: (url: URL) => Promise<unknown>) => {
    let url: string | undefined;
    const {code, err} = await runOnTerminal(['login', '--api-key', '--no-browser'], env, {
      onErr(text) {
        const address = /http:\S+authorize\S+/.exec(text)?.[0];
        if (url === undefined && address !== undefined) void visit(new URL((url = address)));
      },
      columns: 1000,
    });
    expect({code, leak: findLeak(err)}).toEqual({code: 1, leak: undefined});
    expect(err).toMatch(replacementMark);
  };
  await login((url) => fetch(url));
  await login((url) => {
    const back = new URL(url.searchParams.get('redirect_uri') ?? '');
    const state = url.searchParams.get('state') ?? '';
    back.search = new URLSearchParams({error: 'odd', error_description: allPayloads, state}).toString();
    return fetch(back);
  });
});
