import {expect, test} from 'vitest';
import {countSends} from '../../support/harness.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* What poe does on a terminal with a command line that names no command. */

const ctrlD = '\u0004';
const ready = /\w · new chat/;
const answered = /last: /;

test.each([
  ['-b Sandbox-Count', 'Sandbox-Count · new chat'],
  ['--sandbox', ' · new chat'],
  ['-q --bot=Sandbox-Count --timeout 30', 'Sandbox-Count · new chat'],
])('poe %s without a message opens a chat on a terminal', async (options, prompt) => {
  let shown = '';
  const {lines} = await onTerminal(`node bin/poe.js ${options}`, {
    when: [[ready, ({type}, screen) => ((shown = screen), type(ctrlD))]],
  });
  expect(shown).toContain(prompt);
  expect(lines.at(-1)).toBe('exit 0');
});

test('poe -c last without a message continues the chat', async () => {
  const {lines} = await onTerminal(
    'node bin/poe.js send -q -b Sandbox-Count "count to 3" && node bin/poe.js -q -c last',
    {when: [[/Sandbox-Count · (?!new chat)/, ({type}) => type(ctrlD)]]},
  );
  expect(lines.at(-1)).toBe('exit 0');
});

test('poe chat sends its first message, and keeps the chat open', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count count to 3', {
    when: [[answered, ({type}) => type(ctrlD)]],
  });
  expect(lines.slice(0, 5)).toEqual(['before', '> count to 3', '', 'Sandbox-Count', '1 2 3']);
  expect(countSends(sandbox)).toBe(1);
});

test('the first message returns to the prompt if the chat cannot start', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Cuont count to 3', {
    when: [[/Did you mean Sandbox-Count[^]*> count to 3/, ({type}) => type(`\u0015${ctrlD}`)]],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(countSends(sandbox)).toBe(0);
});

test('a word that is probably a command is sent only after a question', async () => {
  const question = '"models" is not a command (see: poe explore). Send it to a bot as a message?';
  const refused = await onTerminal('node bin/poe.js -q models', {
    cols: 120,
    when: [[/as a message\?/, ({type}) => type('n\r')]],
  });
  expect(refused.lines.join('\n')).toContain(question);
  expect(refused.lines.at(-1)).toBe('exit 130');
  expect(countSends(refused.sandbox)).toBe(0);
  const accepted = await onTerminal('node bin/poe.js -q -b Sandbox-Echo models', {
    cols: 120,
    when: [[/as a message\?/, ({type}) => type('y\r')]],
  });
  expect(accepted.lines.slice(-2)).toEqual(['models', 'exit 0']);
  expect(countSends(accepted.sandbox)).toBe(1);
});

test.each([
  ['hist', 'poe history'],
  ['quit', 'poe --help'],
  ['Models', 'poe explore'],
  ['modls', 'poe explore'],
  ['verison', 'poe --version'],
])('the word "%s" is sent only after a question, too', async (word, instead) => {
  const {lines, sandbox} = await onTerminal(`node bin/poe.js -q ${word}`, {
    cols: 120,
    when: [[/as a message\?/, ({type}) => type('n\r')]],
  });
  expect(lines.join('\n')).toContain(`"${word}" is not a command (see: ${instead}).`);
  expect(countSends(sandbox)).toBe(0);
});

test('poe send and a message with more words ask nothing', async () => {
  const {lines} = await onTerminal(
    'node bin/poe.js send -q -b Sandbox-Echo models && node bin/poe.js -q -b Sandbox-Echo list bots',
  );
  expect(lines).toEqual(['before', 'models', 'list bots', 'exit 0']);
});
