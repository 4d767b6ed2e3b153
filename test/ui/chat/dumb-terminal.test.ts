import {expect, test} from 'vitest';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* A terminal without escape sequences, such as the shell of Emacs. */

test('with TERM=dumb the chat reads and prints lines, without any escape sequence', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    env: {TERM: 'dumb'},
    when: [
      [/^>$/m, ({type}) => type('count to 3\n')],
      [/\n1 2 3\n[^]*points left\n>$/, ({type}) => type('/delete-chat\n')],
      [/permanently\? \(y\/N\)\n>$/, ({type}) => type('n\n')],
      [/Cancelled\n[^]*\n>$/, ({type}) => type('\n')],
      [/Cancelled\n[^]*\n> \n>$/, ({type}) => type('two\\\nlines\n')],
      [/two\\\nlines\n[^]*\n>$/, ({type}) => type('\u0004')],
    ],
  });
  expect(lines.slice(0, 6)).toEqual(['before', '> count to 3', '', 'Sandbox-Count', '1 2 3', '']);
  expect(bytes.slice(0, bytes.indexOf('exit'))).not.toContain('\u001b');
});

test('with TERM=dumb an @path attaches nothing, since pasted text cannot be told from typed text', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Files', {
    env: {TERM: 'dumb'},
    when: [
      [/^>$/m, ({type}) => type('see @/etc/hostname\n')],
      [/No files received\.\n[^]*points left\n>$/, ({type}) => type('/file /etc/hostname\n')],
      [/Attached to the next message[^]*\n>$/, ({type}) => type('this\n')],
      [/hostname, [^]*points left\n>$/, ({type}) => type('\u0004')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});
