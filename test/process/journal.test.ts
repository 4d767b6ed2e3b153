import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {hasStored, journalIn, messageIn} from '../support/journal-files.js';
import {runMain, temporaryFolder, withSandbox} from '../support/harness.js';
import {killWhen, withProgram} from '../support/program.js';
import {onTerminal} from '../support/terminal/pseudo-terminal.js';
import {seconds} from '../support/patience.js';

/* The journal stores messages whose reply is not complete. */

/** Runs poe and kills it during the reply, which the bot completes afterwards. */
async function withKilled(...words: string[]) {
  const program = await withProgram({pace: 0.02});
  const {configDir, env, sandbox} = program;
  const kill = async (...argv: string[]) => {
    sandbox.faults.holdAfter(4);
    await killWhen(() => hasStored(configDir, 'One word a'), argv, env);
    sandbox.faults.clear();
  };
  await kill(...words);
  return {...program, kill};
}

const unreachable = {POE_BASE_URL: 'http://127.0.0.1:9'};

test('a killed poe leaves a private file with the message’s id and the reply so far, without secrets', async () => {
  const {sandbox, configDir} = await withKilled('send', '-b', 'Sandbox-Slow', 'a private question');
  const [file, ...others] = journalIn(configDir);
  expect(others).toEqual([]);
  expect(messageIn(file)).toMatchObject({
    clientNonce: expect.stringMatching(/^\w+$/),
    bot: 'Sandbox-Slow',
    sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    reply: {text: expect.stringMatching(/^One word a/), chat: {chatCode: expect.any(String)}},
  });
  for (const secret of [sandbox.tokens.pB, sandbox.tokens.pLat, sandbox.formKey, 'a private question']) {
    expect(file?.text).not.toContain(secret);
  }
  expect(statSync(file?.path ?? '').mode & 0o777).toBe(0o600);
  expect(statSync(join(configDir, 'journal', 'default')).mode & 0o777).toBe(0o700);
});

test('after a kill, attach downloads the complete reply and empties the journal', async () => {
  const {configDir, run} = await withKilled('send', '-b', 'Sandbox-Slow', 'hello');
  const {code, out, err} = await run('attach', 'last');
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out.split(' ')).toHaveLength(30);
  expect(journalIn(configDir)).toEqual([]);
});

test('after a kill, attach without a connection shows the stored part and exits with 7', async () => {
  const {configDir, run, runWith} = await withKilled('send', '-b', 'Sandbox-Slow', 'hello');
  for (const name of ['last', /"chatCode":"(\w+)"/.exec(journalIn(configDir)[0]?.text ?? '')?.[1] ?? '']) {
    const {code, out, err} = await runWith({env: unreachable}, 'attach', name);
    expect({code, out}).toEqual({code: 7, out: expect.stringMatching(/^One word a.*\n$/)});
    expect(err).toMatch(/127\.0\.0\.1:9.*this is the part of the reply that was stored.*\n.*poe attach \w+/);
  }
  const {out, err} = await runWith({env: unreachable}, 'attach', 'last', '--json');
  expect({out, err: JSON.parse(err)}).toMatchObject({
    out: '',
    err: {error: {code: 'reply_lost'}, reply: {text: expect.stringMatching(/^One word a/), state: 'incomplete'}},
  });
  expect((await run('attach', 'last')).code).toBe(0);
});

test('each part of a reply is written once, and half a line at the end is ignored', async () => {
  const {sandbox, configDir, env, runWith} = await withProgram({pace: 0.04});
  sandbox.faults.holdAfter(20);
  const words = () => journalIn(configDir).map((file) => messageIn(file).reply.text.split(' ').length);
  await killWhen(() => words()[0] === 20, ['send', '-b', 'Sandbox-Slow', 'hello'], env);
  sandbox.faults.clear();
  const [file] = journalIn(configDir);
  const {text} = messageIn(file).reply;
  expect(file?.text.trim().split('\n').length).toBeGreaterThan(1);
  expect(file?.text.match(/One word/g)).toHaveLength(1);
  appendFileSync(file?.path ?? '', '"lost');
  expect(await runWith({env: unreachable}, 'attach', 'last')).toMatchObject({code: 7, out: `${text}\n`});
});

test('a reply whose file was deleted while it arrived is stored again', async () => {
  const {sandbox, configDir, env} = await withProgram({pace: 0.04});
  sandbox.faults.holdAfter(20);
  let isDeleted = false;
  const isStoredAgain = () => {
    const [file] = journalIn(configDir);
    if (file === undefined) return false;
    if (isDeleted) return hasStored(configDir, 'One word') && messageIn(file).reply.text.split(' ').length === 20;
    if (hasStored(configDir, 'One')) {
      unlinkSync(file.path);
      isDeleted = true;
    }
    return false;
  };
  await killWhen(isStoredAgain, ['send', '-b', 'Sandbox-Slow', 'hello'], env);
});

test('after a kill, attach with an expired session shows the stored part and exits with 4', async () => {
  const {runWith} = await withKilled('send', '-b', 'Sandbox-Slow', 'hello');
  const {code, out} = await runWith({env: {POE_P_B: 'ended', POE_FORMKEY: undefined}}, 'attach', 'last');
  expect({code, out}).toEqual({code: 4, out: expect.stringMatching(/^One word a/)});
});

test('a killed retry leaves a journal entry, too', async () => {
  const {configDir, run, runWith, kill} = await withKilled('send', '-b', 'Sandbox-Slow', 'hello');
  expect((await run('attach', 'last')).code).toBe(0);
  await kill('retry', 'last');
  const {code, out} = await runWith({env: unreachable}, 'attach', 'last');
  expect({code, out}).toEqual({code: 7, out: expect.stringMatching(/^One word a/)});
  expect((await run('attach', 'last')).out.split(' ')).toHaveLength(30);
  expect(journalIn(configDir)).toEqual([]);
});

test('a killed chat leaves a journal entry, too', async () => {
  const home = temporaryFolder();
  const {sandbox, configDir} = await onTerminal(
    `sh -c 'echo $$ > "$HOME/pid"; exec node bin/poe.js chat -q -b Sandbox-Slow'`,
    {
      env: {HOME: home},
      heldAfter: 4,
      when: [
        [/· new chat/, ({type}) => type('hello\r')],
        [
          /One word a/,
          (at) => {
            process.kill(Number(readFileSync(join(home, 'pid'), 'utf8')), 'SIGKILL');
            at.sandbox.faults.clear();
          },
        ],
      ],
    },
  );
  expect(journalIn(configDir)).toHaveLength(1);
  const env = {...sandbox.env, POE_CONFIG_DIR: configDir};
  const {code, out} = await runMain(['attach', 'last'], {env});
  expect({code, words: out.split(' ').length}).toEqual({code: 0, words: 30});
  expect(journalIn(configDir)).toEqual([]);
});

test('a reply that is complete, fails or is refused leaves nothing in the journal', async () => {
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
    expect({bot, files: journalIn(configDir)}).toEqual({bot, files: []});
  }
  await run('retry', 'last');
  expect(journalIn(configDir)).toEqual([]);
});

test('a lost reply stays in the journal until attach, another send, deletion of the chat, or logout', async () => {
  const ends = [
    ['attach', 'last'],
    ['delete-chat', 'last', '--yes'],
    ['purge', '--yes'],
    ['logout'],
    ['send', '-c', 'last', 'count to 2'],
  ];
  const outcomes = ends.map(async (end) => {
    const {sandbox, configDir, run} = await withSandbox({pace: 0.1});
    sandbox.faults.silentAfter(2);
    sandbox.faults.respondAlways({operation: 'chatPage'}, 'silence');
    expect((await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 9')).code).toBe(7);
    sandbox.faults.clear();
    expect(messageIn(journalIn(configDir)[0]).reply.text).toBe('1 2');
    await run(...end);
    expect({end, files: journalIn(configDir)}).toEqual({end, files: []});
  });
  await Promise.all(outcomes);
});

test('last is the chat used last, even if an earlier message was lost', async () => {
  const {sandbox, run} = await withSandbox();
  sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
  expect((await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 6')).code).toBe(7);
  await run('send', '-b', 'Sandbox-Count', 'count to 3');
  expect(await run('attach', 'last')).toEqual({code: 0, out: '1 2 3\n', err: ''});
});

test('all replies that are arriving at once stay in the journal, and only twenty of them after a kill', async () => {
  const {sandbox, configDir, env, run} = await withProgram({pace: 0.02});
  const prompts = join(temporaryFolder(), 'prompts.jsonl');
  writeFileSync(prompts, Array.from({length: 25}, (_, id) => `{"id": ${id}, "prompt": "hello"}\n`).join(''));
  sandbox.faults.holdAfter(4);
  const stored = () => journalIn(configDir).filter(({path}) => path.endsWith('.jsonl'));
  const sendLost = async () => {
    sandbox.faults.respondOnce({operation: 'sendMessage'}, 'drop');
    await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 6');
  };
  let sentByOther: Promise<void> | undefined;
  const allArrive = () => {
    if (stored().length === 25) sentByOther ??= sendLost();
    return stored().length === 26;
  };
  await killWhen(allArrive, ['batch', prompts, '-b', 'Sandbox-Slow', '--concurrency', '25'], env);
  await sentByOther;
  expect(stored()).toHaveLength(26);
  await sendLost();
  expect(journalIn(configDir)).toHaveLength(20);
});

test('only the last twenty lost messages are stored, and damaged files are ignored', async () => {
  const {sandbox, configDir, run} = await withSandbox();
  const folder = join(configDir, 'journal', 'default');
  mkdirSync(folder, {recursive: true});
  writeFileSync(join(folder, `${Date.now()}-broken.json`), '{"clientNonce":');
  writeFileSync(join(folder, 'README'), 'not a number');
  for (let count = 0; count < 40; count++) writeFileSync(join(folder, `${count}-old.json`), '{}');
  sandbox.faults.respondAlways({operation: 'sendMessage'}, 'drop');
  await run('send', '--timeout', seconds(1), '-b', 'Sandbox-Count', 'count to 6');
  expect(journalIn(configDir)).toHaveLength(20);
  sandbox.faults.clear();
  expect((await run('send', '-b', 'Sandbox-Count', 'count to 3')).out).toBe('1 2 3\n');
  expect((await run('attach', 'last')).out).toBe('1 2 3\n');
});

test('a journal that cannot be written does not fail a message', async () => {
  const {configDir, run} = await withSandbox();
  writeFileSync(join(configDir, 'journal'), 'a file');
  const {code, out, err} = await run('send', '-v', '-b', 'Sandbox-Count', 'count to 3');
  expect({code, out}).toEqual({code: 0, out: '1 2 3\n'});
  expect(err).toMatch(/journal.*cannot be written \((?:EEXIST|ENOTDIR)\)/);
});

test('a settings folder that cannot be written does not fail a message', async () => {
  const {configDir, run} = await withSandbox();
  chmodSync(configDir, 0o500);
  expect(await run('send', '-b', 'Sandbox-Count', 'count to 3')).toEqual({code: 0, out: '1 2 3\n', err: ''});
  chmodSync(configDir, 0o700);
});

test('--sandbox stores nothing', async () => {
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
