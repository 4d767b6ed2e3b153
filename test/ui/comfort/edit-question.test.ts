import {expect, test} from 'vitest';
import {sentMessages} from '../../support/harness.js';
import {apiKey} from '../../../src/sandbox/api/api.js';
import {onTerminal, readyChat} from '../../support/terminal/pseudo-terminal.js';

/* Esc twice on an empty line edits an earlier question. */

/** The reply is complete. */
const after = (reply: string) => (shown: string) => shown.includes(`\n${reply}\n`) && !shown.includes('to stop');
const escape = '\u001b';
const enter = '\r';
const down = '\u001b[B';
const ctrlD = '\u0004';
const withKey = {POE_P_B: '', POE_P_LAT: '', POE_API_KEY: apiKey};

test.each([
  [40, 15],
  [80, 24],
])('with a key, an edited question continues in a copy of the chat up to there (%i×%i)', async (cols, rows) => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Memory; node bin/poe.js history', {
    cols,
    rows,
    env: withKey,
    when: [
      [readyChat, ({type}) => type('one\r')],
      [after('user: one'), ({type}) => type('two\r')],
      [after('user: two'), ({type}) => type('three\r')],
      [after('user: three'), ({type}) => type(escape)],
      [/Press Esc again to edit/, ({type}) => type(escape)],
      [/Edit an earlier question[^]*three[^]*two[^]*one/, ({type}) => type(down + enter)],
      [/Enter continues[^]*> two/, ({type}) => type('!\r')],
      [after('user: two!'), ({type}) => type('and now\r')],
      [after('user: and now'), ({type}) => type(ctrlD)],
    ],
  });
  const text = lines.join('\n');
  expect(text).toMatch(/> two!\nA copy of the chat up to here\.\nThe whole\s+chat:\s+\/chat\s+local-\w+\n/);
  const reply = text.slice(text.lastIndexOf('user: one'));
  expect(reply).not.toContain('three');
  expect(lines.filter((line) => line.startsWith('local-'))).toHaveLength(2);
});

test('on poe.com, an edited question starts a new chat, and a note says so', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [readyChat, ({type}) => type('one\r')],
      [after('one'), ({type}) => type('two\r')],
      [after('two'), ({type}) => type(escape + escape)],
      [/Edit an earlier question[^]*two[^]*one/, ({type}) => type(enter)],
      [/Enter asks this in a new chat[^]*> two/, ({type}) => type('!\r')],
      [after('two!'), ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.join('\n')).toMatch(
    /> two!\nA new chat, because poe\.com cannot branch one\.\nThe earlier chat: \/chat \w+\n/,
  );
  expect(sentMessages(sandbox)).toMatchObject([
    {chatId: null, query: 'one'},
    {chatId: expect.any(Number), query: 'two'},
    {chatId: null, query: 'two!'},
  ]);
});

test('Esc in the list or afterwards keeps the chat as it is', async () => {
  const {sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [readyChat, ({type}) => type('one\r')],
      [after('one'), ({type}) => type(escape + escape)],
      [/Edit an earlier question/, ({type}) => type(escape)],
      [(shown) => !shown.includes('Edit an earlier question'), ({type}) => type(escape + escape)],
      [/Edit an earlier question/, ({type}) => type(enter)],
      [/Enter asks this in a new chat/, ({type}) => type(escape)],
      [(shown) => !shown.includes('in a new chat'), ({type}) => type('two\r')],
      [after('two'), ({type}) => type(ctrlD)],
    ],
  });
  expect(sentMessages(sandbox)[1]).toMatchObject({chatId: expect.any(Number), query: 'two'});
});

test('another key after Esc edits no question', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [readyChat, ({type}) => type('one\r')],
      [after('one'), ({type}) => type(escape)],
      [/Press Esc again/, ({type}) => type('t')],
      [/> t/, (at, shown) => (expect(shown).not.toContain('Press Esc again'), at.type(`\u0015${ctrlD}`))],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});
