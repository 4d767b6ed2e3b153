import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {apiKey} from '../../../src/sandbox/api/api.js';
import {operationsOf, temporaryFolder} from '../../support/harness.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* The chat with only an API key. */

/** The reasoning is on the screen: leave the chat. */
const reasoningShown: When[number] = [/to you\./, ({type}) => type('\u0004')];
const ctrlO = '\u000f';
const ctrlD = '\u0004';
const env = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey};
const ready = /\w · new chat/;
const answered = /last: /;

test('with only a key, a chat uses the API and is stored on this machine', async () => {
  const {lines, sandbox, configDir} = await onTerminal('node bin/poe.js chat -q -b sandbox-memory', {
    env,
    when: [
      [/Sandbox-Memory · new chat +2,640 points left/, ({type}) => type('one\r')],
      [/Sandbox-Memory · one +last: about 17 points · 2,640 points left/, ({type}) => type('two\r')],
      [/user: two\n\n> *\n[^\n]*last: /, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toEqual([
    'before',
    '> one',
    '',
    'Sandbox-Memory',
    'user: one',
    '',
    '> two',
    '',
    'Sandbox-Memory',
    'user: one',
    'assistant: user: one',
    'user: two',
    '',
    'exit 0',
  ]);
  expect(operationsOf(sandbox).every((path) => /^\/(?:v1|usage)\//.test(path))).toBe(true);
  const folder = join(configDir, 'chats', 'default');
  const [file = '', ...others] = readdirSync(folder);
  expect(others).toEqual([]);
  const messages = readFileSync(join(folder, file), 'utf8').match(/"messageId":\d+/g);
  expect(new Set(messages).size).toBe(4);
});

test('slash commands apply to the current local chat; an unsupported one says what it needs', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Memory', {
    cols: 200,
    env,
    when: [
      [ready, ({type}) => type('about tea\r')],
      [answered, ({type}) => type('/title Tea\r')],
      [/Renamed to Tea[^]*Sandbox-Memory · Tea /, ({type}) => type('/cost\r')],
      [/\/cost\n17/, ({type}) => type('/clear-context\r')],
      [/Context cleared/, ({type}) => type('again\r')],
      [/> again\n\nSandbox-Memory\nuser: again\n/, ({type}) => type('/retry\r')],
      [/> again\n\nSandbox-Memory\nuser: again\n\nSandbox-Memory\nuser: again\n/, ({type}) => type('/share\r')],
      [/Sharing messages requires a chat on poe\.com[^]*\/export/, ({type}) => type('/history\r')],
      [/\/history\n[^]*local-[^]*Tea[^]*> *\n/, ({type}) => type('/history show\r')],
      [/\/history show\n[^]*about tea[^]*> *\n/, ({type}) => type('/exit\r')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(bytes).not.toContain(apiKey);
});

test('Esc stops a reply over the API and keeps the text so far', async () => {
  const {lines, configDir} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    env,
    when: [
      [ready, ({type}) => type('count\r')],
      [/> count\n\nSandbox-Slow\n1 2/, ({type}) => type('\u001b')],
      [/\(stopped\)/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toEqual(['before', '> count', '', 'Sandbox-Slow', '1 2', '', '(stopped)', '', 'exit 0']);
  const folder = join(configDir, 'chats', 'default');
  expect(readFileSync(join(folder, readdirSync(folder)[0] ?? ''), 'utf8')).toContain('"state":"cancelled"');
});

test('reasoning is folded into one line; Ctrl+O shows it, dimmed, and /copy leaves it out', async () => {
  const {lines, styled, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Ponderer', {
    env,
    cols: 80,
    when: [
      [ready, ({type}) => type('2+2?\r')],
      [answered, ({type}) => type('/copy\r')],
      [/Sent to the terminal/, ({type}) => type(ctrlO)],
      [/Then I add them/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toEqual([
    'before',
    '> 2+2?',
    '',
    'Sandbox-Ponderer',
    expect.stringMatching(/^Thought for \d\.\d s · Ctrl\+O to expand$/),
    '',
    '4',
    '',
    expect.stringMatching(/^Thought for \d\.\d s$/),
    'First I count both twos.',
    'Then I add them.',
    '',
    'exit 0',
  ]);
  expect(styled).toContain('<2 First I count both twos.>');
  expect(bytes).toContain(`\u001B]52;c;${Buffer.from('4').toString('base64')}\u0007`);
});

test('a screen reader gets the reasoning once, as lines above the answer', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q --screen-reader -b Sandbox-Ponderer', {
    env,
    when: [
      [/^>$/m, ({type}) => type('2+2?\r')],
      [/\n4\n\nlast: .*\n>$/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toEqual([
    'before',
    '> 2+2?',
    '',
    'Sandbox-Ponderer',
    'Thinking: First I count both twos.',
    'Then I add them.',
    '',
    '4',
    '',
    'last: about 17 points · 2,640 points left',
    'exit 0',
  ]);
  expect(bytes.split('I count both')).toHaveLength(2);
});

test('control sequences in reasoning do not reach the terminal', async () => {
  for (const flag of ['', '--screen-reader']) {
    const {lines, bytes} = await onTerminal(`node bin/poe.js chat -q ${flag} -b Sandbox-Trickster`, {
      env,
      when: [
        [/^>(?: *\n.* new chat.*)?$/m, ({type}) => type('2+2?\r')],
        [/\n4\n\n(?:last: .*\n)?> */, ({type}) => type(flag ? ctrlD : ctrlO)],
        ...(flag ? [] : [reasoningShown]),
      ],
    });
    expect(lines.join('\n')).toMatch(/I take .*turn\n.*to you\./);
    expect(bytes).not.toMatch(/\u001B\]|\u0007|\u202E/);
  }
});

test('--protocol and --param apply to each message of a chat and require a key', async () => {
  const {lines, sandbox} = await onTerminal(
    'node bin/poe.js chat -q -b Sandbox-Parameters --protocol native --param budget=7',
    {
      env,
      when: [
        [ready, ({type}) => type('go\r')],
        [answered, ({type}) => type(ctrlD)],
      ],
    },
  );
  expect(lines).toContain('{"budget":7}');
  expect(operationsOf(sandbox)).toContain('/bot/Sandbox-Parameters');
  const web = await onTerminal('node bin/poe.js chat --protocol native', {});
  expect(web.lines.join(' ')).toContain('poe login --api-key');
  expect(web.lines.at(-1)).toBe('exit 4');
});

test('a chat started with poe send continues in the terminal with the default bot for the key', async () => {
  const {lines} = await onTerminal(
    'node bin/poe.js settings default-bot sandbox-memory > /dev/null; node bin/poe.js send -q one > /dev/null; node bin/poe.js chat -q -c last',
    {
      env,
      when: [
        [/Sandbox-Memory · one /, ({type}) => type('two\r')],
        [answered, ({type}) => type('/new\r')],
        [/Sandbox-Memory · new chat/, ({type}) => type(ctrlD)],
      ],
    },
  );
  expect(lines).toContain('assistant: user: one');
});

test('in the sandbox, a chat over the API can be renamed and listed too', async () => {
  const {lines} = await onTerminal('node bin/poe.js --sandbox --via api chat -q -b Sandbox-Echo', {
    cols: 120,
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type('/title Greeting\r')],
      [/Renamed to Greeting[^]*> *\n/, ({type}) => type('/history\r')],
      [/local-[^]*Greeting[^]*> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});

test('without a session and a key, the chat says so and does not start', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat', {env: {...env, POE_API_KEY: ''}});
  expect(lines.join('\n')).toMatch(/Not logged in/);
  expect(lines.at(-1)).toBe('exit 4');
});

test('the chat opens with the price per token, and shows how much of a prompt came from the cache', async () => {
  const file = join(temporaryFolder(), 'rules.txt');
  writeFileSync(file, 'Be brief and kind. '.repeat(1500));
  const {lines} = await onTerminal(
    `node bin/poe.js chat -b claude-sonnet-4.6 --protocol messages --system @${file} 2> /dev/null`,
    {
      cols: 140,
      env,
      when: [
        [/points per 1k tokens · [\d,]+ points left/, ({type}) => type('one\r')],
        [answered, ({type}) => type('two\r')],
        [/last: about [\d,]+ points · [\d,]+ tokens cached · [\d,]+ points left/, ({type}) => type(ctrlD)],
      ],
    },
  );
  expect(lines[1]).toMatch(/^poe · API key · claude-sonnet-4\.6 · [\d.]+ in, [\d.]+ out points per 1k tokens$/);
});
