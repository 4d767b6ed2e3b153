import {expect, test} from 'vitest';
import {operationsOf} from '../../support/harness.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* A terminal without escape sequences, such as the shell of Emacs. */

const ctrlC = '\u0003';

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

test('with TERM=dumb Ctrl+C stops the reply', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    env: {TERM: 'dumb'},
    heldAfter: 2,
    when: [
      [/^>$/m, ({type}) => type('hello\n')],
      [/\nSandbox-Slow$/, ({type}) => type(ctrlC)],
      [/\(stopped\)\n[^]*points left\n>$/, ({type}) => type('/exit\n')],
    ],
  });
  expect(lines.slice(0, 5)).toEqual(['before', '> hello', '', 'Sandbox-Slow', '^C']);
  expect(lines.at(-1)).toBe('exit 0');
  expect(operationsOf(sandbox).filter((operation) => /cancel/i.test(operation))).toHaveLength(1);
});

test('with TERM=dumb Ctrl+C at the prompt drops what was typed, and does not exit at once', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {TERM: 'dumb'},
    when: [
      [/^>$/m, ({type}) => type(`not sent${ctrlC}`)],
      [/\nPress Ctrl\+C again to exit\n>$/, ({type}) => type('sent\n')],
      [/\nSandbox-Echo\nsent\n[^]*points left\n>$/, ({type}) => type('/exit\n')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});
