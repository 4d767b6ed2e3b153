import {expect, test} from 'vitest';
import {onTerminal, readyChat} from '../../support/terminal/pseudo-terminal.js';

/* What the chat looks like. The other tests ignore the rules around the prompt and its placeholder. */

const ctrlD = '\u0004';
const sizes = [
  [40, 15],
  [80, 24],
  [120, 40],
  [200, 50],
] as const;

test.for(sizes)('on %i × %i cells the chat opens with two lines and a prompt between rules', async ([cols, rows]) => {
  let screen: string[] = [];
  await onTerminal('node bin/poe.js chat -b Sandbox-Echo 2> /dev/null', {
    cols,
    rows,
    when: [
      [
        cols < 60 ? /1,827 left/ : /2 points per message · 1,827 points left/,
        (at) => {
          screen = at.screen();
          at.type(ctrlD);
        },
      ],
    ],
  });
  const rule = '─'.repeat(cols - 2);
  const costs = cols < 60 ? '1,827 left' : '2 points per message · 1,827 points left';
  expect(screen).toEqual([
    'before',
    // poe.com tells the price only after the chat accepts messages.
    cols < 60 ? 'poe · browser session · Sandbox-Echo' : 'poe · browser session · Sandbox-Echo · 2 points per message',
    cols < 60 ? '/ for commands · @ for files' : '/ for commands · @ for files · /bot to switch',
    '',
    rule,
    '> Type a message',
    // A short terminal has a rule above the prompt only.
    ...(rows > 15 ? [rule] : []),
    `Sandbox-Echo · new chat${costs.padStart(cols - 2 - 'Sandbox-Echo · new chat'.length)}`,
  ]);
});

test.for(sizes)('on %i × %i cells a reply has its bot above and its cost and time below', async ([cols, rows]) => {
  const {lines, styled, bytes} = await onTerminal('node bin/poe.js chat -b Sandbox-Count 2> /dev/null', {
    cols,
    rows,
    when: [
      [readyChat, ({type}) => type('count to 3\r')],
      [/2 points · \d\.\d s\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(4, 9)).toEqual(['> count to 3', '', 'Sandbox-Count', '1 2 3', '']);
  expect(lines[9]).toMatch(/^2 points · \d\.\d s$/);
  expect(styled[4]).toBe('<35 >> <1 count to 3>');
  expect(bytes).toMatch(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏].*Sandbox-Count.*· \d s · Esc to stop/);
});

test('the prompt stays on the screen, in its place, while the chat starts', async () => {
  const rowsOfPrompt = new Set<number>();
  await onTerminal('node bin/poe.js chat -b Sandbox-Echo 2> /dev/null', {
    when: [
      [
        (shown) => {
          const row = shown.split('\n').findIndex((line) => line.startsWith('>'));
          if (row !== -1 || rowsOfPrompt.size > 0) rowsOfPrompt.add(row);
          return /points left/.test(shown);
        },
        ({type}) => type('a draft'),
      ],
      [/> a draft/, ({type}) => type('\u0015\u0004')],
    ],
  });
  expect(rowsOfPrompt.size).toBe(1);
});

test('without color nothing is lost: marks and names remain, and the empty prompt has no placeholder', async () => {
  let screen: string[] = [];
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    env: {NO_COLOR: '1'},
    when: [
      [readyChat, ({type}) => type('count to 3\r')],
      [
        /last: /,
        (at) => {
          screen = at.screen();
          at.type(ctrlD);
        },
      ],
    ],
  });
  expect(lines.slice(0, 5)).toEqual(['before', '> count to 3', '', 'Sandbox-Count', '1 2 3']);
  expect(screen.at(-3)?.trimEnd()).toBe('>');
  expect(bytes).not.toMatch(/\u001b\[[\d;]*m/);
});

test('an error has a red title and a dim next step, and /bot leaves a line', async () => {
  const {lines, styled} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Broke', {
    when: [
      [readyChat, ({type}) => type('hello\r')],
      [/> hello\n\nNot enough points\n[^]*\n> *\n/, ({type}) => type('\u0015/bot Sandbox-Echo\r')],
      [/Switched to/, ({type}) => type(ctrlD)],
    ],
  });
  expect(styled.join('\n')).toMatch(/^<31 Not enough points>\n<2 Wait until/m);
  expect(lines).toContain('Switched to Sandbox-Echo · 2 points per message');
});

test('/help fits on a screen of 24 rows', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [readyChat, ({type}) => type('/help\r')],
      [/leave the chat\n/, ({type}) => type(ctrlD)],
    ],
  });
  const rowsOfPrompt = 4;
  expect(lines.slice(1, -1).length + rowsOfPrompt).toBeLessThanOrEqual(24);
  expect(lines[1]).toBe('/bot [handle]     Switch to another bot, by name or from a list');
});

test('a long question wraps at words, and its further lines have no gutter', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    cols: 40,
    when: [
      [readyChat, ({type}) => type('count to 3, but think about it for a very long time\r')],
      [/1 2 3\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(1, 4)).toEqual(['> count to 3, but think about it for a', 'very long time', '']);
});

test('a note below a reply wraps at words', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Two hello', {
    when: [[/\nshows it\./, ({type}) => type(ctrlD)]],
  });
  expect(lines).toContain('The bot sent another message to the same question. The history of the chat');
  expect(lines).toContain('shows it.');
});
