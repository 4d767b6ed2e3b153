import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';
import {killedOnce} from '../support/kill-when.js';
import {onTerminal} from '../support/pseudo-terminal.js';

/* What is kept on disk of a message and its reply until the reply is whole, and what becomes of it. */

/** The files of the journal, whoever's they are. */
function journalIn(configDir: string): {path: string; text: string}[] {
  const folder = join(configDir, 'journal');
  if (!existsSync(folder)) return [];
  return readdirSync(folder, {withFileTypes: true, recursive: true}).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    return entry.isFile() ? {path, text: readFileSync(path, 'utf8')} : [];
  });
}

/** Runs the real program and kills it when the journal has so much of the reply. */
const killed = (words: string[], env: Record<string, string | undefined>, configDir: string, seen: string) =>
  killedOnce(() => journalIn(configDir).some(({text}) => text.includes(seen)), words, env);

async function withKilled(...words: string[]) {
  const {sandbox, configDir, run, runWith} = await withSandbox({pace: 0.1});
  const env = {PATH: process.env.PATH, HOME: temporaryFolder(), ...sandbox.env, POE_CONFIG_DIR: configDir};
  await killed(words, env, configDir, 'One word a');
  return {sandbox, configDir, run, runWith, env};
}

const unreachable = {POE_BASE_URL: 'http://127.0.0.1:9'};

test('killed in mid-reply, poe has left what was sent and what came, for its owner only, without secrets', async () => {
  const {sandbox, configDir} = await withKilled('send', '-b', 'Sandbox-Slow', 'a private question');
  const [kept, ...more] = journalIn(configDir);
  expect(more).toEqual([]);
  expect(JSON.parse(kept?.text ?? '')).toMatchObject({
    clientNonce: expect.stringMatching(/^\w+$/),
    bot: 'Sandbox-Slow',
    sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    reply: {text: expect.stringMatching(/^One word a/), chat: {chatCode: expect.any(String)}},
  });
  for (const secret of [sandbox.tokens.pB, sandbox.tokens.pLat, sandbox.formKey, 'a private question']) {
    expect(kept?.text).not.toContain(secret);
  }
  expect(statSync(kept?.path ?? '').mode & 0o777).toBe(0o600);
  expect(statSync(join(configDir, 'journal', 'default')).mode & 0o777).toBe(0o700);
});

test('after that, attach fetches the whole reply, and the journal is empty again', async () => {
  const {configDir, run} = await withKilled('send', '-b', 'Sandbox-Slow', 'hello');
  const {code, out, err} = await run('attach', 'last');
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out.split(' ')).toHaveLength(30);
  expect(journalIn(configDir)).toEqual([]);
});

test('after that, where Poe cannot be reached, attach shows what had come, says so, and ends with 7', async () => {
  const {configDir, run, runWith} = await withKilled('send', '-b', 'Sandbox-Slow', 'hello');
  for (const name of ['last', /"chatCode":"(\w+)"/.exec(journalIn(configDir)[0]?.text ?? '')?.[1] ?? '']) {
    const {code, out, err} = await runWith({env: unreachable}, 'attach', name);
    expect({code, out}).toEqual({code: 7, out: expect.stringMatching(/^One word a.*\n$/)});
    expect(err).toMatch(/127\.0\.0\.1:9.*this is the part of the reply that was stored.*\n.*poe attach \w+/);
  }
  const {out, err} = await runWith({env: unreachable}, 'attach', 'last', '--json');
  expect({out, err: JSON.parse(err)}).toMatchObject({out: '', err: {error: {code: 'reply_lost'}}});
  expect((await run('attach', 'last')).code).toBe(0);
});

test('with a session that has ended meanwhile, attach shows what had come and ends with 4', async () => {
  const {runWith} = await withKilled('send', '-b', 'Sandbox-Slow', 'hello');
  const {code, out} = await runWith({env: {POE_P_B: 'ended', POE_FORMKEY: undefined}}, 'attach', 'last');
  expect({code, out}).toEqual({code: 4, out: expect.stringMatching(/^One word a/)});
});

test('a retry that is killed is kept, too', async () => {
  const {configDir, run, runWith, env} = await withKilled('send', '-b', 'Sandbox-Slow', 'hello');
  expect((await run('attach', 'last')).code).toBe(0);
  await killed(['retry', 'last'], env, configDir, 'One word a');
  const {code, out} = await runWith({env: unreachable}, 'attach', 'last');
  expect({code, out}).toEqual({code: 7, out: expect.stringMatching(/^One word a/)});
  expect((await run('attach', 'last')).out.split(' ')).toHaveLength(30);
  expect(journalIn(configDir)).toEqual([]);
});

test('a chat that is killed in mid-reply has left it, too', async () => {
  const home = temporaryFolder();
  const {sandbox, configDir} = await onTerminal(
    `sh -c 'echo $$ > "$HOME/pid"; exec node bin/poe.js chat -q -b Sandbox-Slow'`,
    {
      env: {HOME: home},
      when: [
        [/· new chat/, ({type}) => type('hello\r')],
        [/One word a/, () => process.kill(Number(readFileSync(join(home, 'pid'), 'utf8')), 'SIGKILL')],
      ],
    },
  );
  expect(journalIn(configDir)).toHaveLength(1);
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
  const {code, out} = await runMain(['attach', 'last'], {env});
  expect({code, words: out.split(' ').length}).toEqual({code: 0, words: 30});
  expect(journalIn(configDir)).toEqual([]);
});

test('a reply that is whole, that fails or that is refused leaves nothing in the journal', async () => {
  const {configDir, run} = await withSandbox();
  for (const bot of [
    'Sandbox-Count',
    'Sandbox-Two',
    'Sandbox-Fails',
    'Sandbox-Broke',
    'Sandbox-Insolvent',
    'no-such',
  ]) {
    await run('send', '-b', bot, 'hello');
    expect({bot, kept: journalIn(configDir)}).toEqual({bot, kept: []});
  }
  await run('retry', 'last');
  expect(journalIn(configDir)).toEqual([]);
});

test('a reply that was lost stays in the journal until attach has it, or its chat is gone, or one logs out', async () => {
  const ends = [
    ['attach', 'last'],
    ['delete-chat', 'last', '--yes'],
    ['purge', '--yes'],
    ['logout'],
    ['send', '-c', 'last', 'count to 2'],
  ];
  for (const end of ends) {
    const {sandbox, configDir, run} = await withSandbox({pace: 0.1});
    sandbox.faults.silentAfter(2);
    sandbox.faults.respondAlways({operation: 'chatPage'}, 'silence');
    expect((await run('send', '--timeout', '1', '-b', 'Sandbox-Count', 'count to 9')).code).toBe(7);
    sandbox.faults.clear();
    expect(journalIn(configDir)[0]?.text).toContain('"text":"1 2"');
    await run(...end);
    expect({end, kept: journalIn(configDir)}).toEqual({end, kept: []});
  }
});

test('last is the chat used last, whatever was lost before', async () => {
  const {sandbox, run} = await withSandbox();
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 6')).code).toBe(6);
  await run('send', '-b', 'Sandbox-Count', 'count to 3');
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2 3\n', err: ''});
});

test('of more than twenty lost messages the oldest are forgotten, and files that are broken do no harm', async () => {
  const {sandbox, configDir, run} = await withSandbox();
  const folder = join(configDir, 'journal', 'default');
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, `${Date.now()}-broken.json`), '{"clientNonce":');
  writeFileSync(join(folder, 'README'), 'not a number');
  for (let count = 0; count < 40; count++) writeFileSync(join(folder, `${count}-old.json`), '{}');
  sandbox.faults.respondAlways({operation: 'sendMessage'}, 'drop');
  await run('send', '-b', 'Sandbox-Count', 'count to 6');
  expect(journalIn(configDir)).toHaveLength(20);
  sandbox.faults.clear();
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 3')).out).toBe('1 2 3\n');
  expect((await run('attach', 'last')).out).toBe('1 2 3\n');
});

test('a journal that cannot be written is no reason to fail', async () => {
  const {configDir, run} = await withSandbox();
  writeFileSync(join(configDir, 'journal'), 'a file');
  const {code, out, err} = await run('send', '-v', '-b', 'Sandbox-Count', 'count to 3');
  expect({code, out}).toEqual({code: 0, out: '1 2 3\n'});
  expect(err).toMatch(/journal.*cannot be written \((?:EEXIST|ENOTDIR)\)/);
});

test('a folder of settings that cannot be written is none, either', async () => {
  const {configDir, run} = await withSandbox();
  chmodSync(configDir, 0o500);
  expect(await run('send', '-b', 'Sandbox-Count', 'count to 3')).toEqual({code: 0, out: '1 2 3\n', err: ''});
  chmodSync(configDir, 0o700);
});

test('in the sandbox nothing is kept', async () => {
  const configDir = temporaryFolder();
  const stop = new AbortController();
  const env = {POE_CONFIG_DIR: configDir};
  const onOut = () => {
    expect(journalIn(configDir)).toEqual([]);
    stop.abort();
  };
  const words = ['send', '--sandbox', '-b', 'Sandbox-Slow', 'hello'];
  expect((await runMain(words, {env, signal: stop.signal, onOut})).code).toBe(130);
  expect(readdirSync(configDir)).toEqual([]);
});
