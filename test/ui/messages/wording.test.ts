import {expect, test} from 'vitest';
import {operationsOf} from '../../support/harness.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* Messages in the chat name slash commands and keys, never commands or options of the shell. */

const ready = /\w · new chat +\d+ points per message · [\d,]+ points left/;
const type =
  (text: string): When[number][1] =>
  (at) =>
    at.type(text);

test('commands that need a chat say "No chat yet" before the first message', async () => {
  const commands = ['/retry', '/cost', '/share', '/save', '/title Tea', '/cancel', '/clear-context', '/delete-chat'];
  const all = [...commands, '/export', '/history show', '/history export'];
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q', {
    when: [
      [ready, type('/nothing\r')],
      ...all.flatMap((command): When => [
        [/\nUnknown command \/nothing\. Type \/help for a list\.\n> *\n/, type(`${command}\r`)],
        [/\nNo chat yet\. Send a message first\.\n> *\n/, type('/nothing\r')],
      ]),
      [/\nUnknown command \/nothing/, type('\u0004')],
    ],
  });
  expect(lines).toEqual(['before', 'exit 0']);
  expect(operationsOf(sandbox).join(' ')).not.toMatch(/share|delete|regenerate|cancel/i);
});

test('in the sandbox, /chat last before the first message says what to do in the chat', async () => {
  await onTerminal('node bin/poe.js chat --sandbox -q', {
    when: [
      [ready, type('/chat last\r')],
      [/There is no last chat\nSend a message first\.\n/, type('\u0004')],
    ],
  });
});

test('a mistyped slash command suggests the right one', async () => {
  await onTerminal('node bin/poe.js chat -q', {
    when: [
      [ready, type('/exprt\r')],
      [/\nUnknown command \/exprt\. Did you mean \/export\?\n> *\n/, type('/hepl\r')],
      [/\nUnknown command \/hepl\. Did you mean \/help\?\n> *\n/, type('/help shre\r')],
      [/\nUnknown command \/shre\. Did you mean \/share\?\n> *\n/, type('/abcdefg\r')],
      [/\nUnknown command \/abcdefg\. Type \/help for a list\.\n> *\n/, type('\u0004')],
    ],
  });
});

test.each(['/quit', '/q', '/exit', 'exit', 'quit'])('%s leaves the chat, also during a reply', async (word) => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    heldAfter: 4,
    when: [
      [ready, type('hello\r')],
      [/> hello\n\n\S+\n\w+ \w+/, type(`${word}\r`)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(lines.filter((line) => line.startsWith('> '))).toEqual(['> hello']);
});

test('/model switches the bot like /bot, and is completed', async () => {
  await onTerminal('node bin/poe.js chat -q', {
    when: [
      [ready, type('/mod\t')],
      [/\n> \/model *\n/, type('Sandbox-Echo\r')],
      [/\nSandbox-Echo · new chat/, type('\u0004')],
    ],
  });
});

test('/doctor names slash commands as next steps', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 200,
    rows: 50,
    when: [
      [
        ready,
        (at) => {
          at.sandbox.faults.rotateHash('sendMessage');
          at.type('/doctor\r');
        },
      ],
      [/^socket +\w+[^]*\n> *\n/m, type('\u0004')],
    ],
  });
  const rows = lines.slice(1, -1).join('\n');
  expect(rows).toMatch(/\/doctor --fix/);
  expect(rows).not.toMatch(/\bpoe (?:login|doctor|send)\b|POE_/);
});

test('/help of a command names slash commands', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q', {
    cols: 120,
    when: [
      [ready, type('/help explore\r')],
      [/see \/categories/, type('\u0004')],
    ],
  });
  expect(lines.join('\n')).not.toMatch(/\bpoe [a-z]/);
});

test('notes of commands name slash commands', async () => {
  await onTerminal('node bin/poe.js chat', {
    when: [
      [ready, type('/search tea\r')],
      [/\nThe archive is empty\. To copy your chats: \/sync\n/, type('/budget\r')],
      [/\nNo budget is set\. To set one: \/budget set 5000\/day\n/, type('/usage --since 60d\r')],
      [/\n\/usage[^]*that poe has recorded\nare included\.\n[^]*\n> *\n/, type('\u0004')],
    ],
  });
});
