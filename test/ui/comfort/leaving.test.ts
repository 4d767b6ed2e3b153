import {expect, test} from 'vitest';
import {apiKey} from '../../../src/sandbox/api/api.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* What is printed after a chat was left. */

const ready = /\w · new chat/;
const answered = /last: /;
const ctrlD = '\u0004';

test.each([
  ['a browser session', {}, /^To continue this chat: poe chat -c [a-z0-9]+$/],
  [
    'an API key',
    {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey},
    /^To continue this chat: poe chat -c local-[a-z0-9]+$/,
  ],
])('leaving a chat with %s prints how to continue it', async (_backend, env, expected) => {
  const {lines} = await onTerminal('node bin/poe.js chat -b Sandbox-Echo; node bin/poe.js history -n 1 | cut -f1', {
    env,
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  const note = lines.find((line) => line.startsWith('To continue')) ?? '';
  expect(note).toMatch(expected);
  expect(lines.at(-2)).toBe(note.split(' ').at(-1));
});

test('the profile is part of the command', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat --profile work -b Sandbox-Echo', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.at(-2)).toMatch(/^To continue this chat: poe chat --profile work -c \w+$/);
});

test.each([
  ['a chat without a message', 'node bin/poe.js chat -b Sandbox-Echo', ''],
  ['a chat in the sandbox', 'node bin/poe.js chat --sandbox -b Sandbox-Echo', 'hello\r'],
  ['a chat with --quiet', 'node bin/poe.js chat -q -b Sandbox-Echo', 'hello\r'],
])('nothing is printed after %s', async (_case, command, typed) => {
  const {lines} = await onTerminal(command, {
    when: [
      [ready, ({type}) => type(typed === '' ? ctrlD : typed)],
      ...(typed === ''
        ? []
        : [[answered, ({type}: {type(text: string): void}) => type(ctrlD)] as [RegExp, () => void]]),
    ],
  });
  expect(lines.join('\n')).not.toContain('To continue');
});
