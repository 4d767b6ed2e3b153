import {expect, test} from 'vitest';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* The chat for screen readers. */

const ctrlC = '\u0003';
const ctrlD = '\u0004';

test('a screen reader gets the complete reply once and no animation; NO_COLOR turns off color', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q --screen-reader -b Sandbox-Count', {
    env: {NO_COLOR: '1'},
    when: [
      [/^>$/m, ({type}) => type('count to 3\r')],
      [/1 2 3\n\n.*points left\n>$/, ({type}) => type(ctrlD)],
    ],
  });
  const costs = '2 points per message · last: 2 points · 1,825 points left';
  expect(lines).toEqual(['before', '> count to 3', '', 'Sandbox-Count', '1 2 3', '', costs, 'exit 0']);
  expect(bytes.split('1 2')).toHaveLength(2);
  expect(bytes).not.toMatch(/\u001b\[[\d;]*m/);
});

test('a screen reader gets the connection state and suggested replies once, and each typed key', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q --screen-reader -b Assistant', {
    when: [
      [
        /^>$/m,
        ({type, sandbox}) => {
          sandbox.faults.dropSocketAfter(3);
          type('a quite long question, that takes some words to be answered, count them all');
        },
      ],
      [/> a quite [^\n]* count them all$/, ({type}) => type('\r')],
      // The cost may come before or after the suggested replies.
      [
        /points left\n[^]*Alt\+3 {2}Make it shorter\.\n>$|Alt\+3 {2}Make it shorter\.\n[^]*points left\n>$/,
        ({type}) => type('\u001B1'),
      ],
      [/> Tell me more\.$/, ({type}) => type(ctrlC)],
      [/\nPress Ctrl\+C again to exit\n>$/, ({type}) => type(ctrlC)],
    ],
  });
  const once = [
    'Connection lost, reconnecting…',
    'Reconnected',
    'Alt+1  Tell me more.',
    'Alt+2  Give me an example.',
    'Alt+3  Make it shorter.',
    'Press Ctrl+C again to exit',
  ];
  expect(lines.filter((line) => once.includes(line)).toSorted()).toEqual(once.toSorted());
  for (const text of once) expect(bytes.split(text)).toHaveLength(2);
  expect(bytes).not.toMatch(/new chat/);
});
