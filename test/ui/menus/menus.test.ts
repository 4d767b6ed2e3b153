import {mkdirSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import {operationsOf, temporaryFolder} from '../../support/harness.js';
import {onTerminal, readyChat, statusBar, type When} from '../../support/terminal/pseudo-terminal.js';
import {expectRestored} from '../../support/terminal/restored.js';

/* The menus below the prompt, on a real terminal. */

const bin = resolve('bin/poe.js');
const chat = `node ${bin} chat -q -b Sandbox-Echo`;
const answered = /last: /;
const ctrlC = '\u0003';
const ctrlD = '\u0004';
const ctrlU = '\u0015';
const down = '\u001B[B';
const escape = '\u001B';
const type =
  (text: string): When[number][1] =>
  (at) =>
    at.type(text);

const sizes = [
  {cols: 40, rows: 15},
  {cols: 80, rows: 24},
  {cols: 200, rows: 50},
];

test.each(sizes)(
  'at $cols×$rows, a slash opens a menu of commands that is filtered, and Enter runs one',
  async (size) => {
    const {lines, bytes} = await onTerminal(chat, {
      ...size,
      when: [
        [readyChat, type('/')],
        [/\n?> \/ *\n❯ \/bot .*Switch to.*\n {2}\/chat .*\n[^]*1 of \d+/, type('hel')],
        [/> \/hel *\n❯ \/help {2}List the comm/, type('\r')],
        [/\/export[^]*leave\s+the\s+chat[^]*\n> *\n/, type(`${ctrlC}${ctrlC}`)],
      ],
    });
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(size.cols);
    expect(lines.join('\n')).not.toContain('❯');
    expectRestored(bytes);
  },
);

test('arrows move the mark, Tab completes, and Esc closes the menu and keeps what was typed', async () => {
  const {lines} = await onTerminal(chat, {
    cols: 40,
    rows: 15,
    when: [
      [readyChat, type('/bot')],
      [/❯ \/bot .*\n {2}\/bot-info /, type(down)],
      [/ {2}\/bot .*\n❯ \/bot-info /, type('\t')],
      [/> \/bot-info *\n[^]*Tab to comp/, type(escape)],
      [/> \/bot-info *\nSandbox-Echo/, type(`${ctrlU}${ctrlD}`)],
    ],
  });
  expect(lines).toEqual(['before', 'exit 0']);
});

test('Esc in a menu does not stop the reply, and Up and Down move in the history when no menu is open', async () => {
  const {lines, sandbox} = await onTerminal(`node ${bin} chat -q -b Sandbox-Slow`, {
    heldAfter: 4,
    when: [
      [readyChat, type('hello\r')],
      [/> hello\n\n\S+\n\w+ \w+/, type('/co')],
      [/❯ \/co/, type(escape)],
      [/> \/co *\n[^❯]*Sandbox-Slow/, type(`${ctrlU}\u001B[A`)],
      [/\n> hello *\nSandbox-Slow/, (at) => (at.sandbox.faults.clear(), at.type(ctrlU))],
      [answered, type(ctrlD)],
    ],
  });
  expect(operationsOf(sandbox).join(' ')).not.toMatch(/cancel/i);
  expect(lines.join('\n')).not.toContain('(stopped)');
});

test('a whole command typed at once does the same as without a menu, and a pasted slash opens none', async () => {
  const {lines} = await onTerminal(chat, {
    when: [
      [readyChat, type('/bot sandbox-count\r')],
      [/Sandbox-Count · new chat/, type('/exprt\r')],
      [/Unknown command \/exprt\. Did you mean \/export\?/, type('\u001B[200~/he\u001B[201~')],
      [/> \/he *\n[^❯]*Sandbox-Count · new chat/, type(ctrlU)],
      [/> *\n/, type(ctrlD)],
    ],
  });
  expect(lines).toEqual(['before', 'Switched to Sandbox-Count · 2 points per message', '', 'exit 0']);
});

test('an @ opens a menu of files, also in folders; the chosen one is attached', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'docs', 'tea'), {recursive: true});
  mkdirSync(join(folder, 'node_modules', 'tea'), {recursive: true});
  writeFileSync(join(folder, 'docs', 'tea', 'green tea.txt'), 'green');
  writeFileSync(join(folder, 'node_modules', 'tea', 'green.js'), 'no');
  writeFileSync(join(folder, 'black.txt'), 'black');
  const {sandbox} = await onTerminal(`cd ${folder} && node ${bin} chat -q -b Sandbox-Files`, {
    cols: 40,
    rows: 15,
    when: [
      [readyChat, type('see @')],
      [/> see @ *\n❯ black\.txt *\n {2}docs\/ *\n/, type('gre')],
      [/> see @gre *\n❯ docs\/tea\/green tea\.txt *\n {2}1 of 1 /, type('\r')],
      [/\[green tea\.txt 5 B\][^]*> see @docs\/tea\/green\\ tea\.txt *\n/, type('now\r')],
      [/green tea\.txt, text\/plain, 5[^]*last: /, type(ctrlD)],
    ],
  });
  const sent = sandbox.requests.find(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(sent?.variables).toMatchObject({query: 'see @docs/tea/green\\ tea.txt now'});
});

test('names of files that contain control characters are not offered', async () => {
  const folder = temporaryFolder();
  for (const name of ['a\u001B]0;title\u0007.txt', 'b\u202Etxt.exe', 'c.txt']) writeFileSync(join(folder, name), '');
  const {bytes, lines} = await onTerminal(`cd ${folder} && ${chat}`, {
    when: [
      [readyChat, type('@')],
      [/> @ *\n❯ c\.txt *\n {2}1 of 1/, type(`${ctrlU}${ctrlD}`)],
    ],
  });
  expect(bytes).not.toMatch(/\u001B\]0|\u202E/);
  expect(lines).toEqual(['before', 'exit 0']);
});

test('a menu that opens before the chat is ready and a terminal that becomes small leave nothing behind', async () => {
  const {lines, bytes} = await onTerminal(chat, {
    when: [
      [/^> */m, type('/')],
      [/❯ \/bot [^]*Sandbox-Echo · new chat.*per message.*left/, ({resize}) => resize(40, 15)],
      [new RegExp(`❯ /bot .*…\n[^]*1 of[^]*${statusBar(40)}`), ({resize}) => resize(100, 30)],
      [new RegExp(`❯ /bot .*\\(also /model\\)[^]*${statusBar(100)}`), type(`${ctrlU}${ctrlD}`)],
    ],
  });
  expect(lines.filter((line) => line !== '')).toEqual(['before', 'exit 0']);
  expectRestored(bytes);
});
