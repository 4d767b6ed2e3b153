import {chmodSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* Keys, suspending and the editor, on a real terminal. */

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const ctrlZ = '\u001a';
const ready = /\w · new chat +\d+ points per message · [\d,]+ points left/;
const answered = /last: /;
const type =
  (text: string): When[number][1] =>
  (at) =>
    at.type(text);

test('answers of the terminal, mouse reports and function keys are neither typed nor keys', async () => {
  const sent =
    '\u001b]11;rgb:1e1e/1e1e/1e1e\u0007\u001bP>|xterm(390)\u001b\\\u001b_Gi=31;OK\u001b\\\u001b[M !!\u001b[[A';
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {EDITOR: 'sh -c "echo from the editor >"'},
    when: [
      [ready, type(`tea${sent}!`)],
      [/> tea! *\n/, type('\r')],
      [answered, type(ctrlD)],
    ],
  });
  expect(lines).toEqual(['before', '> tea!', '', 'Sandbox-Echo', 'tea!', '', 'exit 0']);
});

test('control keys work as the kitty protocol and modifyOtherKeys send them', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [ready, type('one two three\u001b[127;3u\u001b[27;5;119~')],
      [/> one *\n/, type('\u001b[99;5u')],
      [/Press Ctrl\+C again to exit\n> *\n/, type('\u001b[27;5;112~')],
      [/> one *\n/, type('\u001b[117;5u\u001b[100;5u')],
    ],
  });
  expect(lines).toEqual(['before', 'exit 0']);
});

test('an arrow key in two pieces during a reply does not stop it', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    heldAfter: 4,
    when: [
      [
        ready,
        (at) => {
          at.type('hello\r');
          at.type('draft\u001b');
          setImmediate(() => at.type('[D!'));
        },
      ],
      [/> hello\n\n\S+\n\w+ \w+[^]*\n> draf!t/, type('\u001b')],
      [/\(stopped\)/, type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(lines.filter((line) => line === '(stopped)')).toHaveLength(1);
});

/** A shell with job control runs a chat, and does the rest when the chat is stopped. */
const job = (pidFile: string, rest: string) =>
  `set -m; sh -c 'echo $$ > ${pidFile}; exec node bin/poe.js chat -q -b Sandbox-Echo'; ${rest}`;

test.each([
  ['Ctrl+Z', (at: {type(text: string): void}) => at.type(ctrlZ)],
  ['SIGTSTP', (_at: unknown, pid: number) => process.kill(pid, 'SIGTSTP')],
])('%s suspends the chat with a restored terminal, and fg continues it with the draft', async (_how, stop) => {
  const pidFile = join(temporaryFolder(), 'pid');
  const {lines, bytes} = await onTerminal(job(pidFile, 'stty -a; echo suspended; fg > /dev/null'), {
    cols: 200,
    when: [
      [ready, type('the draft')],
      [/> the draft/, (at) => stop(at, Number(readFileSync(pidFile, 'utf8')))],
      [/suspended\n[^]*> the draft *\nSandbox-Echo/, type('\u001b[D\u001b[D!\r')],
      [/> the dra!ft[^]*\nthe dra!ft\n[^]*last: /, type(ctrlD)],
    ],
  });
  const shown = lines.join('\n');
  expect(shown).toMatch(/ icanon .* echo .*suspended/s);
  expect(lines.slice(-6)).toEqual(['> the dra!ft', '', 'Sandbox-Echo', 'the dra!ft', '', 'exit 0']);
  expect(bytes.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?2004h'));
});

test('after SIGSTOP, which cannot be handled, fg gives a working chat too', async () => {
  const pidFile = join(temporaryFolder(), 'pid');
  const {lines} = await onTerminal(job(pidFile, 'stty sane; echo suspended; fg > /dev/null'), {
    when: [
      [ready, type('the draft')],
      [/> the draft/, () => process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGSTOP')],
      // What the shell says may be in the middle of a frame that was being drawn.
      [/(?:suspended|Stopped)[^]*> the draft[^]*\nSandbox-Echo/, type('\u001b[D!\r')],
      [/\nthe draf!t\n[^]*last: /, type(ctrlD)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});

test('Ctrl+Z without a shell that controls jobs does no harm', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [ready, type(`tea${ctrlZ}`)],
      [/> tea *\n/, type('!')],
      [/> tea! *\n/, type('\r')],
      [/\ntea!\n[^]*last: /, type(ctrlD)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});

test('$EDITOR may be quoted and have arguments; if it fails, the message is unchanged', async () => {
  const folder = temporaryFolder();
  const editor = join(folder, 'my editor');
  writeFileSync(editor, '#!/bin/sh\necho "$1" > "$2"\n[ "$1" != fail ]\n');
  chmodSync(editor, 0o700);
  const withArgument = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {EDITOR: `"${editor}" 'green tea'`},
    when: [
      [ready, type('draft\u0007')],
      [/> green tea *\n/, type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(withArgument.lines.at(-1)).toBe('exit 0');
  const failing = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {EDITOR: `"${editor}" fail`},
    when: [
      [ready, type('draft\u0007')],
      [/The editor exited with code 1\. The message is unchanged\.\n> draft/, type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(failing.lines.at(-1)).toBe('exit 0');
});
