import {createHash} from 'node:crypto';
import {writeFileSync} from 'node:fs';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {join} from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {countSends, runMain, temporaryFolder, withSandbox} from '../../support/harness.js';
import {runOnTerminal} from '../../support/terminal/fake-terminal.js';

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const line = (name: string, type: string, content: Buffer | string) =>
  [name, type, Buffer.byteLength(content), createHash('sha256').update(content).digest('hex')].join(', ');

/** A web server that does not belong to Poe. */
async function foreignSite(files: Record<string, Buffer | string>) {
  const requests: (readonly [string, string | undefined])[] = [];
  const server = createServer(({url = '', headers}, response) => {
    requests.push([url, headers.cookie]);
    const content = files[url];
    response.writeHead(content === undefined ? 404 : 200).end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return {requests, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`};
}

test('files are sent under their own names, with the right types, byte for byte', async () => {
  const {run} = await withSandbox();
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'notes.md'), '# Grüße 👋\n');
  writeFileSync(join(folder, 'picture.txt'), png);
  const {requests, url} = await foreignSite({'/a%20b.json': '{"a": 1}'});
  const {code, out, err} = await run(
    'send', '-b', 'Sandbox-Files', '-f', join(folder, 'notes.md'), '-f', join(folder, 'picture.txt'), '-f', `${url}/a%20b.json`, 'what are these?',
  ); // prettier-ignore
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out.trimEnd().split('\n')).toEqual([
    line('notes.md', 'text/markdown', '# Grüße 👋\n'),
    line('picture.txt', 'image/png', png),
    line('a b.json', 'application/json', '{"a": 1}'),
  ]);
  expect(requests).toEqual([['/a%20b.json', undefined]]);
});

test('an unreadable file or URL is reported, and nothing is sent', async () => {
  const {run, sandbox} = await withSandbox();
  const {url} = await foreignSite({});
  for (const [file, words] of [
    ['/no/such/file', '/no/such/file'],
    [`${url}/gone`, 'HTTP 404'],
    [temporaryFolder(), 'folder'],
  ] as const) {
    const {code, out, err} = await run('send', '-b', 'Sandbox-Files', '-f', file, 'what is this?');
    expect({file, code, out}).toEqual({file, code: 2, out: ''});
    expect(err).toContain(words);
  }
  expect(countSends(sandbox)).toBe(0);
});

test('--max-points refuses a bot whose price Poe does not show', async () => {
  const {run, sandbox} = await withSandbox();
  const bot = {data: {bot: {botId: 1, handle: 'Sandbox-Count', messagePointLimit: null}}};
  sandbox.faults.respondAlways({operation: 'botInfo'}, {status: 200, body: JSON.stringify(bot)});
  const {code, err} = await run('send', '-b', 'Sandbox-Count', '--max-points', '50', 'one');
  expect(code).toBe(5);
  expect(err).toContain('does not show the price of Sandbox-Count');
  expect(countSends(sandbox)).toBe(0);
});

test('--info prints chat, bot, cost and points left on stderr', async () => {
  const {run, sandbox} = await withSandbox();
  const {code, out, err} = await run('send', '--info', '-b', 'Sandbox-Count', 'count to 2');
  expect({code, out}).toEqual({code: 0, out: '1 2\n'});
  const [chat] = sandbox.world.chats;
  expect(err.trimEnd().split('\n')).toEqual([
    `Chat    ${chat?.title}`,
    `ID      ${chat?.chatId}`,
    `Code    ${chat?.code}`,
    'Bot     Sandbox-Count',
    'Cost    2 points',
    'Left    1,825 points',
  ]);
});

test('--info fills in the points of --json, even if the cost is known late', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.delayCosts(1);
  const {out} = await run('send', '--info', '--json', '-b', 'Sandbox-Count', 'count to 2');
  expect(JSON.parse(out).points).toEqual({cost: 2, balance: 1825});
});

test('a reply is printed even if its cost cannot be requested', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondAlways({operation: 'messageInfo'}, 'server-error');
  const {code, out, err} = await run('send', '--info', '-b', 'Sandbox-Count', 'count to 2');
  expect({code, out}).toEqual({code: 0, out: '1 2\n'});
  expect(err).toContain('Cost    unknown');
});

test('--share prints a link on stderr, and nothing is shared without it', async () => {
  const {run, sandbox} = await withSandbox();
  const {out, err} = await run('send', '--share', '-q', '-b', 'Sandbox-Count', 'count to 2');
  expect(out).toBe('1 2\n');
  expect(err).toMatch(new RegExp(`^${sandbox.url}/s/[\\w-]+\n$`));
  const json = JSON.parse((await run('send', '--share', '--json', '-b', 'Sandbox-Count', 'count to 2')).out);
  expect(json.shareUrl).toContain('/s/');
  expect(JSON.parse((await run('send', '--json', '-b', 'Sandbox-Count', 'one')).out)).not.toHaveProperty('shareUrl');
});

test('a reply that cannot be shared is printed, followed by an error', async () => {
  const {run, sandbox} = await withSandbox();
  sandbox.faults.respondAlways({operation: 'shareMessages'}, 'server-error');
  const {code, out, err} = await run('send', '--share', '-b', 'Sandbox-Count', 'count to 2');
  expect({code, out}).toEqual({code: 3, out: '1 2\n'});
  expect(err).toContain('poe: ');
});

test('-x prints the first code block and nothing else', async () => {
  const {run} = await withSandbox();
  const all = (await run('send', '-b', 'Sandbox-Code', 'write code')).out;
  const {code, out, err} = await run('send', '-x', '-b', 'Sandbox-Code', 'write code');
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(all).toContain(`\`\`\`python\n${out}\`\`\``);
  expect(JSON.parse((await run('send', '-x', '--json', '-b', 'Sandbox-Code', 'code')).out).text).toBe(
    out.replace(/\n$/, ''),
  );
});

test('-x with a reply without code is an error that explains how to see the reply', async () => {
  const {run} = await withSandbox();
  const {code, out, err} = await run('send', '-x', '-b', 'Sandbox-Count', 'count to 2');
  expect({code, out}).toEqual({code: 1, out: ''});
  expect(err).toMatch(/no code block\n.*poe attach \S+/);
  const attached = err.match(/poe attach (\S+)/)?.[1] ?? '';
  expect((await run('attach', attached)).out).toBe('1 2\n');
  expect((await run('send', '-x', '--stream-json', 'a')).code).toBe(2);
  const alone = await run('--sandbox', 'send', '-q', '-x', '-b', 'Sandbox-Count', 'count to 2');
  expect(alone.err).toBe('poe: The reply has no code block\n     To print the whole reply, omit -x.\n');
});

test.each([
  [['--via', 'api', '--share'], 4, 'Sharing messages requires a browser session', 'Omit --via api.'],
  [['--via', 'web', '--protocol', 'native'], 4, 'Choosing a protocol requires an API key', 'Omit --via web.'],
  [['-c', 'abc', '--protocol', 'native'], 4, 'and this one is on poe.com', 'Start one with: poe send --via api'],
  [['-c', 'local-1', '--share'], 4, 'and this one is stored on this machine', 'poe history export local-1'],
])('an option of the other backend is refused before anything starts: %j', async (options, code, message, hint) => {
  const {sandbox, configDir} = await withSandbox();
  const key = {POE_VIA: '', POE_API_KEY: sandbox.apiKey, POE_API_URL: sandbox.apiUrl};
  const env = {...sandbox.env, ...key, POE_CONFIG_DIR: configDir};
  const sent = await runOnTerminal(['send', ...options, 'hello'], env, {columns: 200});
  expect(sent).toMatchObject({code, out: ''});
  expect(sent.err).toContain(message);
  expect(sent.err).toContain(hint);
  expect(sent.err).not.toContain('Asking Poe');
  expect(sandbox.requests).toEqual([]);
  const json = await runMain(['send', '--json', ...options, 'hello'], {env});
  expect({code: json.code, out: json.out, message: JSON.parse(json.err).error.message}).toEqual({
    code,
    out: '',
    message: expect.stringContaining(message),
  });
  const streamed = await runMain(['send', '--stream-json', ...options, 'hello'], {env});
  expect(JSON.parse(streamed.out)).toMatchObject({type: 'error', message: expect.stringContaining(message)});
});
