import {createHash} from 'node:crypto';
import {expect, test} from 'vitest';
import {countSends} from '../../support/harness.js';
import {onTerminal, readyChat} from '../../support/terminal/pseudo-terminal.js';

/* A paste above 30 KB can become a file. */

const answered = /last: /;
const ctrlD = '\u0004';
const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;
const large = Array.from({length: 2000}, (_, index) => `line ${index} of the log`).join('\n');
const chat = 'node bin/poe.js chat -q -b Sandbox-Echo';

test.each([
  [40, 15],
  [80, 24],
])('Tab makes a paste above 30 KB an attached file (%i×%i)', async (cols, rows) => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Files', {
    cols,
    rows,
    when: [
      [readyChat, ({type}) => type(paste(large))],
      [/Tab {2}Make it a file · Esc {2}Keep as text[^]*pasted 2,000 lines/, ({type}) => type('\t')],
      [
        (shown) => shown.includes('[pasted-1.txt 41 KB]') && !shown.includes('2,000'),
        ({type}) => type('What is it?\r'),
      ],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(1, 3)).toEqual(['> What is it?', '[pasted-1.txt 41 KB]']);
  expect(countSends(sandbox)).toBe(1);
  const hash = createHash('sha256').update(large).digest('hex');
  expect(lines.join('')).toContain(hash);
});

test('Esc keeps a long paste as text, and Enter sends it as text', async () => {
  for (const keys of ['\u001b', '']) {
    const {lines, sandbox} = await onTerminal(chat, {
      when: [
        [readyChat, ({type}) => type(paste(large) + keys)],
        [
          (shown) => shown.includes('pasted 2,000 lines') && shown.includes('Keep as text') === (keys === ''),
          ({type}) => type('\r'),
        ],
        [answered, ({type}) => type(ctrlD)],
      ],
    });
    expect(lines).toContain('> line 0 of the log');
    expect(countSends(sandbox)).toBe(1);
  }
});

test('nothing is offered for a shorter paste, or after more was typed', async () => {
  const {lines} = await onTerminal(chat, {
    when: [
      [readyChat, ({type}) => type(paste(large.slice(0, 29_000)))],
      [/pasted 1,\d+ lines/, (at, shown) => (expect(shown).not.toContain('Make it a file'), at.type('\u0003'))],
      [/Press Ctrl\+C again/, ({type}) => type(`${paste(large)}.`)],
      [
        /pasted 2,000 lines\]\./,
        (at, shown) => (expect(shown).not.toContain('Make it a file'), at.type(`\u0003${ctrlD}`)),
      ],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});

test('the file of a paste is private and is deleted when the chat ends', async () => {
  const {lines} = await onTerminal(`export TMPDIR=$HOME; ${chat}; ls -d $HOME/poe-* || echo deleted`, {
    cols: 120,
    when: [
      [readyChat, ({type}) => type(paste(large))],
      [/Make it a file/, ({type}) => type('\t')],
      [/\[pasted-1\.txt/, ({type}) => type('!cd $HOME; stat -c %a poe-* poe-*/*\r')],
      [/\n700\n600\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(-2)).toEqual(['deleted', 'exit 0']);
});
