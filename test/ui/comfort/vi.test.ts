import {expect, test} from 'vitest';
import {countSends} from '../../support/harness.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* The setting `keys: vi` in a chat. */

const escape = '\u001b';
const ctrlD = '\u0004';

test.each([
  [40, 15],
  [80, 24],
])('with keys: vi, Esc edits and the status bar shows the mode (%i×%i)', async (cols, rows) => {
  const {lines, sandbox} = await onTerminal(
    'node bin/poe.js config set keys vi; node bin/poe.js chat -q -b Sandbox-Echo',
    {
      cols,
      rows,
      when: [
        [/INSERT · Sandbox-Echo/, ({type}) => type(`one two three${escape}`)],
        [/> one two three *\n[^]*NORMAL · Sandbox-Echo/, ({type}) => type('0dw')],
        [/> two three *\n/, ({type}) => type('A!\r')],
        // A narrow status bar has no room for the last cost.
        [/two three!\n[^]*1,825 (?:points )?left/, ({type}) => type(ctrlD)],
      ],
    },
  );
  expect(lines).toContain('> two three!');
  expect(countSends(sandbox)).toBe(1);
});

test('the keys can be changed in a chat', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [/\w · new chat/, ({type}) => type('/config set keys vi\r')],
      [/INSERT · Sandbox-Echo/, ({type}) => type(escape)],
      [/NORMAL/, ({type}) => type('i/config unset keys\r')],
      [(shown) => /keys is now emacs/.test(shown) && !/NORMAL|INSERT/.test(shown), ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});
