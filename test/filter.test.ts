import {PassThrough, Readable, Writable} from 'node:stream';
import {expect, test} from 'vitest';
import {Output, type OutputStream} from '../src/output/output.js';
import {main} from '../src/cli.js';
import {cuttingProxy} from './cutting-proxy.js';
import {runMain, withSandbox} from './harness.js';
import {wholeReply} from './output-streams.js';
import {leak, marks, poisons} from './poison.js';

/* Nothing that came from outside can do anything to a terminal, whatever it is, wherever it is cut, by whichever way it comes. */

function terminal(onText?: (text: string) => void): {stream: OutputStream; text: () => string} {
  const chunks: Buffer[] = [];
  const stream: OutputStream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      onText?.(chunk.toString('utf8'));
      done();
    },
  });
  return {
    stream: Object.assign(stream, {isTTY: true, columns: 100, rows: 40, ...moves}),
    text: () => Buffer.concat(chunks).toString('utf8'),
  };
}

/** What the spinner asks of a terminal; whatever it does there, it is poe's own doing. */
const moves = {cursorTo: () => true, clearLine: () => true, moveCursor: () => true};

/** Runs a command with stdout and stderr on a terminal. */
async function onTerminal(argv: string[], env: Record<string, string>) {
  const [stdout, stderr] = [terminal(), terminal()];
  const io = {stdin: Readable.from([]), stdout: stdout.stream, stderr: stderr.stream, env};
  const code = await main(argv, io, new AbortController().signal);
  return {code, out: stdout.text(), err: stderr.text()};
}

test('a leak is noticed', () => {
  for (const poison of Object.values(poisons)) expect(leak(`before ${poison} after`)).toBeDefined();
  const others =
    '8m 1;8m 31;8m 38;5;1m 7m 5m 2J 3J 77A 1;1H ?1049h ?1000h ?25;1049h 6n c >c 20t 1L 5M 3S 2T 4h ?5h !p 1;2r'.split(
      ' ',
    );
  for (const other of others) expect({other, leak: leak(`\u001b[${other}`)}).not.toEqual({other, leak: undefined});
  expect(leak('\u001b[31mred\u001b[39m\u001b[2K\u001b[1A\r\n')).toBeUndefined();
});

test('each poison, cut in two anywhere, is shown by marks in each view of a reply', async () => {
  for (const [kind, poison] of Object.entries(poisons)) {
    const text = `before ${poison} after`;
    for (const env of [{TERM: 'xterm'}, {TERM: 'dumb'}] as const) {
      for (const asEvents of [false, true]) {
        for (const json of [false, true]) {
          for (let cut = 1; cut < text.length; cut++) {
            const [stdout, stderr] = [terminal(), terminal()];
            const output = new Output({
              stdout: stdout.stream,
              stderr: stderr.stream,
              env,
              json,
              quiet: false,
              verbose: false,
              color: true,
            });
            const view = await output.reply({asEvents});
            view.start(wholeReply(''));
            view.step({type: 'append', text: text.slice(0, cut)}, text.slice(0, cut));
            view.step({type: 'append', text: text.slice(cut)}, text);
            await view.done(wholeReply(text));
            const written = stdout.text() + stderr.text();
            expect({kind, cut, env, asEvents, json, leak: leak(written)}).toEqual({
              kind,
              cut,
              env,
              asEvents,
              json,
              leak: undefined,
            });
            if (!json && !asEvents) expect(written).toMatch(marks);
          }
        }
      }
    }
  }
});

test('a pipe gets the exact bytes', async () => {
  const {runWith} = await withSandbox();
  for (const [kind, poison] of Object.entries(poisons)) {
    const text = `before ${poison} after`;
    const {code, out} = await runWith({stdin: text}, 'send', '-b', 'Sandbox-Echo');
    expect({kind, code, out}).toEqual({kind, code: 0, out: `${text}\n`});
  }
});

/** What people and bots may have written, in Poe's answers. */
const written =
  /^(?:title|text|displayName|fullName|description|introduction|poweredBy|statusMessage|messageStateText|bodyText|primaryEmail|bio|nullableHandle|name|model|nickname)$/;

test('no command lets through what stands in titles, names, descriptions or messages', {timeout: 60_000}, async () => {
  const {sandbox} = await withSandbox();
  const all = Object.values(poisons).join(' ');
  const poisoned = (body: string): string => {
    if (!body.startsWith('{"data"')) return body;
    return JSON.stringify(
      JSON.parse(body, (key, value: unknown) =>
        typeof value === 'string' && written.test(key) ? `${value} ${all}` : value,
      ),
    );
  };
  const proxy = await cuttingProxy(sandbox.url, {rewrite: poisoned});
  const chat = sandbox.world.chats[0]?.code ?? '';
  const env = {...sandbox.env, POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, TERM: 'xterm', PAGER: 'cat'};
  const lines = [
    ['history', '-n', '5'],
    ['history', 'show', chat],
    ['history', 'export', chat],
    ['history', 'export', chat, '--format', 'html'],
    ['history', 'export', chat, '--format', 'json'],
    ['history', 'search', 'e'],
    ['explore', '-n', '5'],
    ['explore', '--user', 'o', '-n', '3'],
    ['categories'],
    ['bot-info', 'gemini-2.0-flash'],
    ['user-info', 'openai'],
    ['settings'],
    ['whoami'],
    ['attach', chat],
    ['title', chat, `mine ${all}`],
    ['send', '-b', 'Sandbox-Nasty', '--info', 'hello'],
    ['send', '-b', 'Sandbox-Fails', 'hello'],
    ['send', '-b', 'Sandbox-Broke', 'hello'],
    ['send', '-b', `gemni ${all}`, 'hello'],
    ['send', '-c', `nosuch ${all}`, 'hello'],
    ['send', '-f', `/nonexistent ${all}`, 'hello'],
    ['send', '--profile', `p${all}`, 'hello'],
    [`--${all}`],
    ['bot-info', `x ${all}`],
    ['user-info', `x ${all}`],
    ['delete-chat', `x ${all}`],
    ['import', `x ${all}`],
  ];
  let marked = 0;
  for (const line of lines) {
    for (const more of [[], ['--json'], ['-v']]) {
      const {out, err} = await onTerminal([...line, ...more], env);
      expect({line, more, out: leak(out), err: leak(err)}).toEqual({line, more, out: undefined, err: undefined});
      if (marks.test(out + err)) marked++;
    }
  }
  expect(marked).toBeGreaterThan(lines.length);
});

/** What people and bots may have written, in the answers of the API. */
const writtenThere =
  /^(?:description|owned_by|display_name|name|content|reasoning_content|message|bot_name|chat_name|app_name|text)$/;

test('over the API neither, nor out of a chat on this machine, nor for completion', {timeout: 60_000}, async () => {
  const {sandbox, configDir} = await withSandbox();
  const all = Object.values(poisons).join(' ');
  const poisonedJson = (json: string): string =>
    JSON.stringify(
      JSON.parse(json, (key, value: unknown) =>
        typeof value === 'string' && writtenThere.test(key) ? `${value} ${all}` : value,
      ),
    );
  const poisoned = (body: string): string =>
    body.startsWith('{') ? poisonedJson(body) : body.replaceAll(/(?<=^data: )\{.*\}(?=\r?$)/gm, poisonedJson);
  const proxy = await cuttingProxy(sandbox.apiUrl, {rewrite: poisoned});
  const env = {
    POE_API_KEY: sandbox.apiKey,
    POE_API_URL: proxy.url,
    POE_CONFIG_DIR: configDir,
    TERM: 'xterm',
    PAGER: 'cat',
  };
  const lines = [
    ['send', '-b', 'assistant', `hello ${all}`],
    ['send', '-b', 'assistant', '--protocol', 'native', `hello ${all}`],
    ['send', '-b', `gemni ${all}`, 'hello'],
    ['send', '-b', 'assistant', '--param', `a=${all}`, 'hello'],
    ['title', 'last', `mine ${all}`],
    ['history'],
    ['history', 'show', 'last'],
    ['history', 'search', 'hello'],
    ['attach', 'last'],
    ['cost', 'last'],
    ['explore', '-n', '5'],
    ['bot-info', 'assistant'],
    ['settings'],
    ['usage'],
    ['usage', '--by', 'day'],
    ['doctor'],
  ];
  let marked = 0;
  for (const line of lines) {
    for (const more of [[], ['--json'], ['-v']]) {
      const {out, err} = await onTerminal([...line, ...more], env);
      expect({line, more, out: leak(out), err: leak(err)}).toEqual({line, more, out: undefined, err: undefined});
      if (marks.test(out + err)) marked++;
    }
  }
  expect(marked).toBeGreaterThan(lines.length);
  for (const kind of ['bots', 'chats', 'categories', 'profiles']) {
    const {code, out} = await runMain(['completion', '--values', kind], {env});
    expect({kind, code, leak: leak(out)}).toEqual({kind, code: 0, leak: undefined});
  }
});

test('no answer that stands in for the right one gets through in an error', async () => {
  const all = Object.values(poisons).join(' ');
  const bodies = [
    JSON.stringify({data: null, errors: [{message: all}]}),
    JSON.stringify({success: false, message: all}),
    JSON.stringify({data: {messageEdgeCreate: {status: 'reached_limit', statusMessage: all}}}),
    JSON.stringify({data: {messageEdgeCreate: {status: all, statusMessage: all}}}),
    all,
  ];
  for (const body of bodies) {
    for (const status of [200, 403]) {
      const {sandbox} = await withSandbox();
      const env = {...sandbox.env, TERM: 'xterm'};
      sandbox.faults.respondAlways(
        {operation: 'sendMessage'},
        {status, body, headers: {Location: 'https://evil.example/'}},
      );
      const {code, out, err} = await onTerminal(['send', '-v', '-b', 'Sandbox-Count', 'hello'], env);
      expect({body, status, out: leak(out), err: leak(err)}).toEqual({body, status, out: undefined, err: undefined});
      expect(code).toBeGreaterThan(0);
    }
  }
});

test('no question of poe lets through what it names', async () => {
  const {sandbox, configDir} = await withSandbox();
  const all = Object.values(poisons).join(' ');
  const [chat] = sandbox.world.chats;
  if (!chat) throw new Error('The sandbox has no chats');
  const proxy = await cuttingProxy(sandbox.url, {
    rewrite: (body) => body.replaceAll(JSON.stringify(chat.title), JSON.stringify(`${chat.title} ${all}`)),
  });
  const env = {...sandbox.env, POE_BASE_URL: proxy.url, POE_FORMKEY: sandbox.formKey, POE_CONFIG_DIR: configDir};
  const stdin = Object.assign(new PassThrough(), {isTTY: true});
  let hasAnswered = false;
  const stderr = terminal((text) => {
    if (hasAnswered || !text.includes('Delete the chat')) return;
    hasAnswered = true;
    setImmediate(() => stdin.write('n\r'));
  });
  const [signal, stdout] = [new AbortController().signal, terminal()];
  const code = await main(
    ['delete-chat', chat.code],
    {stdin, stdout: stdout.stream, stderr: stderr.stream, env},
    signal,
  );
  expect({code, asked: hasAnswered, leak: leak(stderr.text())}).toEqual({code: 130, asked: true, leak: undefined});
  expect(stderr.text()).toMatch(marks);
});

test('in a pipe, errors are cleaned too, for stderr is often a terminal', async () => {
  const all = Object.values(poisons).join(' ');
  const {err} = await runMain(['send', '--profile', all, 'hello'], {});
  expect(leak(err)).toBeUndefined();
});
