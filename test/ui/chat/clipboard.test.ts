import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* What /copy does on each kind of system and terminal. */

const ctrlD = '\u0004';
const ready = /\w · new chat/;
const answered = /last: /;
const type =
  (text: string): When[number][1] =>
  (at) =>
    at.type(text);
const source = 'é **a** `b`';
const base64 = Buffer.from(source).toString('base64');

/** A folder with programs that store their stdin in a file beside them, or fail. */
function programs(...names: string[]): string {
  const folder = temporaryFolder();
  for (const name of names) {
    const [program = '', code = '0'] = name.split('=');
    writeFileSync(join(folder, program), `#!/bin/sh\ncat > "$0.stdin"\necho "$@" > "$0.arguments"\nexit ${code}\n`);
    chmodSync(join(folder, program), 0o700);
  }
  return folder;
}

const copied = (folder: string, name: string) =>
  existsSync(join(folder, `${name}.stdin`)) ? readFileSync(join(folder, `${name}.stdin`)) : undefined;

/** Sends the source to a bot that repeats it, copies the reply, and waits for a notice. */
const copy = (env: Record<string, string>, notice: RegExp) =>
  onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env,
    when: [
      [ready, type(`${source}\r`)],
      [answered, type('/copy\r')],
      [notice, type(ctrlD)],
    ],
  });

test('/copy uses wl-copy in Wayland, and xclip or xsel in X11, and says which', async () => {
  const folder = programs('wl-copy', 'xclip=1', 'xsel');
  const PATH = `${folder}:${process.env.PATH}`;
  const wayland = await copy({PATH, WAYLAND_DISPLAY: 'wayland-0'}, /\nCopied to the clipboard with wl-copy\n/);
  expect(copied(folder, 'wl-copy')?.toString()).toBe(source);
  expect(wayland.bytes).not.toContain('\u001b]52');
  await copy({PATH, DISPLAY: ':0'}, /\nCopied to the clipboard with xsel\n/);
  expect(copied(folder, 'xsel')?.toString()).toBe(source);
  expect(readFileSync(join(folder, 'xclip.arguments'), 'utf8')).toBe('-selection clipboard\n');
});

test('/copy uses clip.exe in WSL, with text that it reads as Unicode', async () => {
  const folder = programs('clip.exe');
  const env = {PATH: `${folder}:${process.env.PATH}`, WSL_DISTRO_NAME: 'Debian'};
  await copy(env, /\nCopied to the clipboard with clip\.exe\n/);
  expect(copied(folder, 'clip.exe')?.toString('utf16le')).toBe(`\uFEFF${source}`);
});

test('/copy over SSH, and without such a program, sends the text to the terminal and says that it cannot know', async () => {
  const folder = programs('xclip');
  const ssh = {PATH: `${folder}:${process.env.PATH}`, DISPLAY: ':10', SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22'};
  for (const env of [ssh, {}]) {
    const {bytes} = await copy(env, /\nSent to the terminal, which may put it into the clipboard\n/);
    expect(bytes).toContain(`\u001b]52;c;${base64}\u0007`);
  }
  expect(copied(folder, 'xclip')).toBeUndefined();
});

test('/copy in GNU screen wraps the sequence in pieces that screen passes on', async () => {
  const {bytes} = await copy({STY: '1.pts-0.host'}, /\nSent to the terminal/);
  expect(bytes).toContain(`\u001bP\u001b]52;c;${base64}\u0007\u001b\\`);
});

test('/copy in tmux fills the tmux buffer', async () => {
  const folder = temporaryFolder();
  const socket = join(folder, 'tmux');
  const tmux = (...args: string[]) => execFileSync('tmux', ['-S', socket, ...args], {encoding: 'utf8'});
  const {lines} = await onTerminal(
    `tmux -S ${socket} -f /dev/null new-session 'node ${resolve('bin/poe.js')} chat -q -b Sandbox-Echo'`,
    {
      when: [
        [ready, type(`${source}\r`)],
        [answered, type('/copy\r')],
        [
          /Copied to the tmux buffer and sent to the terminal/,
          (at) => {
            expect(tmux('show-buffer')).toBe(source);
            at.type(ctrlD);
          },
        ],
      ],
    },
  );
  expect(lines.at(-1)).toBe('exit 0');
});

test('/copy before a reply, and /copy code without code, say so', async () => {
  await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [ready, type('/copy\r')],
      [/\nNo reply yet\n/, type('hello\r')],
      [answered, type('/copy code\r')],
      [/\nThe reply has no code block\n/, type(ctrlD)],
    ],
  });
});
