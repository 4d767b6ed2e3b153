import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* What tmux has in its history, above the screen. */

const ctrlD = '\u0004';

/** Runs a command at the top of the screen of tmux. @returns the lines of its history and its screen */
async function atTheTop(command: string, when: When) {
  const folder = temporaryFolder();
  const socket = join(folder, 'tmux');
  writeFileSync(join(folder, 'script'), `clear\n${command}\necho finished\nread -rn1\n`);
  let captured = '';
  await onTerminal(`tmux -S ${socket} -f /dev/null new-session 'bash ${folder}/script'`, {
    when: [
      ...when,
      [
        /\nfinished/,
        (at) => {
          captured = execFileSync('tmux', ['-S', socket, 'capture-pane', '-p', '-S', '-'], {encoding: 'utf8'});
          at.type('.');
        },
      ],
    ],
  });
  return captured.trimEnd().split('\n');
}

test('a chat at the top of the screen leaves no frames in the history of tmux', async () => {
  const chat = `node ${resolve('bin/poe.js')} chat -q -b Sandbox-Echo`;
  const lines = await atTheTop(chat, [
    [/\w · new chat/, ({type}) => type('hello\r')],
    [/last: /, ({type}) => type(ctrlD)],
  ]);
  expect(lines.slice(0, 4)).toEqual(['> hello', '', 'Sandbox-Echo', 'hello']);
  expect(lines.filter((line) => /^─|Type a message|new chat/.test(line))).toEqual([]);
});

test('a message sent at the top of the screen leaves no rows in the history of tmux', async () => {
  const lines = await atTheTop(`node ${resolve('bin/poe.js')} send -q -b Sandbox-Count 'count to 30'`, []);
  const numbers = Array.from({length: 30}, (_, index) => index + 1);
  expect(lines.join(' ').trim().split(/\s+/)).toEqual([...numbers.map(String), 'finished']);
});
