import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {apiKey} from '../../../src/sandbox/api/api.js';
import {countSends, sentMessages} from '../../support/harness.js';
import {onTerminal, readyChat} from '../../support/terminal/pseudo-terminal.js';

/* `/compare`, `/retry <bot>` and `/system` in a chat. */

const answered = /last: /;
const ctrlD = '\u0004';
const withKey = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey};

test.each([
  [40, 15],
  [80, 24],
])('/compare asks another bot the last question, and the chat stays as it is (%i×%i)', async (cols, rows) => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols,
    rows,
    when: [
      [readyChat, ({type}) => type('count to 2\r')],
      [answered, ({type}) => type('/compare sandbox-count\r')],
      [/\n1 2\n[^]*To continue\s+with\s+Sandbox-Count\s+instead:\s+\/chat/, ({type}) => type('and now?\r')],
      [/> and now\?\n\n\S+\nand now\?\n[^]*last: /, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.join('\n')).toMatch(/> Sandbox-Count: count to 2\n\nSandbox-Count\n1 2\n/);
  const [first, compared, next] = sentMessages(sandbox);
  expect(first).toMatchObject({chatId: null});
  expect(compared).toMatchObject({chatId: null, query: 'count to 2'});
  expect(next).toMatchObject({chatId: expect.any(Number), query: 'and now?'});
});

test('/chat continues the compared chat, and “last” still means the first one', async () => {
  let code = '';
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo; node bin/poe.js history show last', {
    cols: 120,
    when: [
      [readyChat, ({type}) => type('count to 2\r')],
      [answered, ({type}) => type('/compare Sandbox-Count\r')],
      [
        /instead: \/chat \w+/,
        ({type}, shown) => ((code = /instead: \/chat (\w+)/.exec(shown)?.[1] ?? ''), type(`/chat ${code}\r`)),
      ],
      [/\nSandbox-Count · (?!new)/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(-4).join('\n')).not.toContain('1 2');
});

test('with a key, the compared bot sees the chat before the question', async () => {
  const {lines, configDir} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: withKey,
    when: [
      [readyChat, ({type}) => type('one\r')],
      [answered, ({type}) => type('two\r')],
      [/> two\n\n\S+\ntwo\n[^]*\n> *\n/, ({type}) => type('/compare Sandbox-Memory\r')],
      [/user: one\nassistant: one\nuser: two\n[^]*To continue with/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.join('\n')).not.toContain('sees only');
  expect(readdirSync(join(configDir, 'chats', 'default'))).toHaveLength(2);
});

test('in a longer chat on poe.com, /compare says that the other bot sees only the question', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [readyChat, ({type}) => type('one\r')],
      [answered, ({type}) => type('count to 2\r')],
      [/> count to 2\n\n\S+\ncount to 2\n[^]*\n> *\n/, ({type}) => type('/compare Sandbox-Count\r')],
      [/\n1 2\n[^]*To continue with/, ({type}) => type('/compare\r')],
      [/Choose a bot to ask the last question[^]*1 of \d+/, ({type}) => type('\u0003/compare Sandbox-Cuont\r')],
      [/No bot named "Sandbox-Cuont"/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toContain('It sees only the last question.');
  expect(countSends(sandbox)).toBe(3);
});

test('/retry <bot> replaces the last reply in a local chat', async () => {
  const {lines, configDir} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: withKey,
    when: [
      [readyChat, ({type}) => type('count to 2\r')],
      [answered, ({type}) => type('/retry sandbox-count\r')],
      [/\n1 2\n[^]*\n> *\n/, ({type}) => type('/history show\r')],
      [/\/history show[^]*1 2[^]*\n> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  const shown = lines.slice(lines.indexOf('/history show')).join('\n');
  expect(shown.match(/count to 2/g)).toHaveLength(2);
  const [file = ''] = readdirSync(join(configDir, 'chats', 'default'));
  expect(readFileSync(join(configDir, 'chats', 'default', file), 'utf8')).toContain('"replaces"');
});

test('/retry <bot> asks the question again in a chat on poe.com, and says so', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [readyChat, ({type}) => type('count to 2\r')],
      [answered, ({type}) => type('/retry Sandbox-Count\r')],
      [/\n1 2\n[^]*\n> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toContain('Sandbox-Count gets the question as a new message of this chat.');
  expect(sentMessages(sandbox)[1]).toMatchObject({chatId: expect.any(Number), query: 'count to 2'});
});

test('/system precedes the first message of a new chat on poe.com, once', async () => {
  const {sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 120,
    when: [
      [readyChat, ({type}) => type('/system Answer in one word.\r')],
      [/will precede your first message/, ({type}) => type('one\r')],
      [answered, ({type}) => type('two\r')],
      [/> two\n\n\S+\ntwo\n[^]*\n> *\n/, ({type}) => type('/new\r')],
      [readyChat, ({type}) => type('three\r')],
      [/> three[^]*three\n[^]*last: /, ({type}) => type('/system off\r')],
      [/without instructions/, ({type}) => type(ctrlD)],
    ],
  });
  expect(sentMessages(sandbox)).toMatchObject([
    {query: 'Answer in one word.\n\none'},
    {query: 'two'},
    {query: 'Answer in one word.\n\nthree'},
  ]);
});

test('/system is a system message with a key, and is stored with the chat', async () => {
  const {sandbox, configDir} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: withKey,
    cols: 120,
    when: [
      [readyChat, ({type}) => type('one\r')],
      [answered, ({type}) => type('/system Answer in one word.\r')],
      [/with your next message/, ({type}) => type('two\r')],
      [/> two\n\n\S+\ntwo\n[^]*\n> *\n/, ({type}) => type('/system\r')],
      [/Instructions: Answer in one word\./, ({type}) => type(ctrlD)],
    ],
  });
  const bodies = sandbox.requests
    .filter(({path}) => path.endsWith('/chat/completions'))
    .map(({body}) => JSON.parse(body));
  expect(bodies.map(({messages}) => messages[0].role)).toEqual(['user', 'system']);
  const [file = ''] = readdirSync(join(configDir, 'chats', 'default'));
  const log = readFileSync(join(configDir, 'chats', 'default', file), 'utf8');
  expect(log.match(/"type":"system"/g)).toHaveLength(1);
});
