import {execFileSync} from 'node:child_process';
import {writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, onTestFailed, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {type At, onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* What tmux has in its history, above the screen. */

const ctrlD = '\u0004';

interface InTmux extends At {
  tmux(...args: string[]): string;
}

type Steps = (toAct: (act: (at: InTmux) => void) => When[number][1]) => When;

/** Runs a command at the top of the screen of tmux. @returns the lines of its history and its screen */
async function atTheTop(command: string, steps: Steps, pace?: number) {
  const folder = temporaryFolder();
  const socket = join(folder, 'tmux');
  const tmux = (...args: string[]) => execFileSync('tmux', ['-S', socket, ...args], {encoding: 'utf8'});
  onTestFailed(() => void tmux('kill-server'));
  writeFileSync(join(folder, 'script'), `clear\n${command}\necho finished\nread -rn1\n`);
  let captured = '';
  await onTerminal(`tmux -S ${socket} -f /dev/null new-session 'bash ${folder}/script'`, {
    pace,
    when: [
      ...steps((act) => (at) => act({...at, tmux})),
      [
        /\nfinished/,
        (at) => {
          captured = tmux('capture-pane', '-pJ', '-S', '-');
          at.type('.');
        },
      ],
    ],
  });
  return captured.trimEnd().split('\n');
}

test('a chat at the top of the screen leaves no frames in the history of tmux', async () => {
  const chat = `node ${resolve('bin/poe.js')} chat -q -b Sandbox-Echo`;
  const lines = await atTheTop(chat, () => [
    [/\w · new chat/, ({type}) => type('hello\r')],
    [/last: /, ({type}) => type(ctrlD)],
  ]);
  expect(lines.slice(0, 4)).toEqual(['> hello', '', 'Sandbox-Echo', 'hello']);
  expect(lines.filter((line) => /^─|Type a message|new chat/.test(line))).toEqual([]);
});

test('a message sent at the top of the screen leaves no rows in the history of tmux', async () => {
  const lines = await atTheTop(`node ${resolve('bin/poe.js')} send -q -b Sandbox-Count 'count to 30'`, () => []);
  const numbers = Array.from({length: 30}, (_, index) => index + 1);
  expect(lines.join(' ').trim().split(/\s+/)).toEqual([...numbers.map(String), 'finished']);
});

test('resizing a pane of tmux several times during a reply keeps all its lines', async () => {
  const chat = `node ${resolve('bin/poe.js')} chat -q -b Sandbox-Markdown`;
  const resized = (toAct: Parameters<Steps>[0]): When => [
    [/\w · new chat/, ({type}) => type('hello\r')],
    [
      /What you need/,
      // tmux tells poe about the first size only, and about the last one a quarter of a second later.
      toAct(({tmux}) => {
        for (const width of ['60', '76', '50']) tmux('resize-window', '-x', width);
      }),
    ],
    [/Pour, wait[^]*Type a message/, ({type}) => type(ctrlD)],
  ];
  const lines = await atTheTop(chat, resized, 0.5);
  const alone = await onTerminal('node bin/poe.js -q -b Sandbox-Markdown hello');
  const words = (text: readonly string[]) =>
    text
      .filter((line) => !/^[│┌├└]/.test(line))
      .join('\n')
      .match(/[A-Za-z]{4,}/g);
  const start = lines.indexOf('A short guide to tea');
  expect(words(lines.slice(start, lines.indexOf('1. cup.png')))).toEqual(
    words(alone.lines.slice(1, alone.lines.indexOf('1. cup.png'))),
  );
});
