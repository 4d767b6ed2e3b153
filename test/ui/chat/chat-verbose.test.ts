import {expect, test} from 'vitest';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/** The log lines that `-v` adds. */
const logged = /^(?:backend: .*|socket: open|[A-Za-z ]+: (?:200|failed), \d+ ms)$/;
const ctrlD = '\u0004';

/** How to continue the chat, after it was left. */
const continueLine: unknown = expect.stringMatching(/^To continue this chat: poe chat -c /);
/** The lines on the screen that are not log lines. */
const withoutLog = (lines: readonly string[]) => lines.filter((line) => line !== '' && !logged.test(line));
/** The price may not be known yet when a message is typed. */
const opening: unknown = expect.stringMatching(/^poe · browser session · Sandbox-Echo(?: · 2 points per message)?$/);

test('with -v requests are logged above the prompt, dimmed, and overwrite nothing', async () => {
  const {lines, styled} = await onTerminal('node bin/poe.js chat -v -b Sandbox-Echo', {
    when: [
      [/\w · new chat/, ({type}) => type('hello\r')],
      [/\nSandbox-Echo · [^\n]*last: /, ({type}) => type(ctrlD)],
    ],
  });
  expect(withoutLog(lines)).toEqual([
    'before',
    expect.stringMatching(/^Using \S+ instead of poe\.com/),
    opening,
    '/ for commands · @ for files · /bot to switch',
    '> hello',
    'Sandbox-Echo',
    'hello',
    expect.stringMatching(/^\d point/),
    continueLine,
    'exit 0',
  ]);
  expect(lines.filter((line) => line === 'socket: open')).toHaveLength(1);
  expect(styled).toContain('<2 socket: open>');
});

test('with -v a screen reader gets the log as lines above the prompt', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -v --screen-reader -b Sandbox-Echo', {
    when: [
      [/^>$/m, ({type}) => type('hello\r')],
      [/points left\n(?:[^\n]*ms\n)*>$/, ({type}) => type(ctrlD)],
    ],
  });
  const costs = expect.stringMatching(/ points left$/);
  expect(withoutLog(lines)).toEqual([
    'before',
    expect.stringMatching(/^Using \S+ instead of poe\.com/),
    opening,
    '/ for commands · @ for files · /bot to switch',
    '> hello',
    'Sandbox-Echo',
    'hello',
    costs,
    continueLine,
    'exit 0',
  ]);
  expect(lines.filter((line) => line === 'socket: open')).toHaveLength(1);
  expect(bytes.split('socket: open')).toHaveLength(2);
});

test('with -v and stderr redirected to a file, the log goes to the file only', async () => {
  const {lines} = await onTerminal(
    'node bin/poe.js chat -v -b Sandbox-Echo 2>$HOME/log; grep -ci "sendMessage" $HOME/log',
    {
      when: [
        [/\w · new chat/, ({type}) => type('hello\r')],
        [/last: /, ({type}) => type(ctrlD)],
      ],
    },
  );
  expect(withoutLog(lines)).toEqual([
    'before',
    opening,
    '/ for commands · @ for files · /bot to switch',
    '> hello',
    'Sandbox-Echo',
    'hello',
    expect.stringMatching(/^\d point/),
    '1',
    'exit 0',
  ]);
});
