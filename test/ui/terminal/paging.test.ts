import {expect, test} from 'vitest';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* Output that is longer than the screen goes through the pager, on a real terminal. */

/** Lines besides the chats: `before`, which `onTerminal` prints first, the names of the columns, and `exit 0`. */
const [before, header, exit] = [1, 1, 1];

const history = (count: number) => `node bin/poe.js -q history -n ${count}`;

test('a list that is longer than the screen goes through $PAGER, a shorter one does not', async () => {
  const long = await onTerminal(`PAGER='sed s/^/P:/' ${history(60)}`);
  expect(long.lines.filter((line) => line.startsWith('P:'))).toHaveLength(header + 60);
  expect(long.lines.at(-1)).toBe('exit 0');
  const short = await onTerminal(`PAGER='sed s/^/P:/' ${history(5)}`);
  expect(short.lines.filter((line) => line.startsWith('P:'))).toEqual([]);
  expect(short.lines).toHaveLength(before + header + 5 + exit);
});

test('POE_PAGER overrides PAGER, and an empty value disables paging', async () => {
  const named = await onTerminal(`POE_PAGER='sed s/^/Q:/' PAGER='sed s/^/P:/' ${history(60)}`);
  expect(named.lines.filter((line) => line.startsWith('Q:'))).toHaveLength(header + 60);
  const none = await onTerminal(`POE_PAGER= PAGER='sed s/^/P:/' ${history(60)}`);
  expect(none.lines).toHaveLength(before + header + 60 + exit);
  expect(none.lines.filter((line) => line.startsWith('P:'))).toEqual([]);
});

test('leaving the pager ends the list without an error', async () => {
  const {lines, sandbox} = await onTerminal(`PAGER='head -2' node bin/poe.js -q history --all`);
  expect(lines).toHaveLength(before + header + 1 + exit);
  expect(lines.at(-1)).toBe('exit 0');
  expect(sandbox.world.chats.length).toBeGreaterThan(100);
});

test('if the pager cannot be started, the list is printed', async () => {
  const {lines} = await onTerminal(`PAGER=no-such-pager-here ${history(60)}`);
  expect(lines.filter((line) => /^\S{19} {2}/.test(line))).toHaveLength(60);
  expect(lines.at(-1)).toBe('exit 0');
});

test('no secrets are in the environment of the pager', async () => {
  const {lines} = await onTerminal(`PAGER='cat >/dev/null; env' ${history(60)}`);
  expect(lines.filter((line) => line.startsWith('PATH='))).toHaveLength(1);
  expect(lines.filter((line) => line.startsWith('POE_'))).toEqual([]);
});

test('without a $PAGER, less shows a long list, and q leaves it', async () => {
  const {lines, bytes} = await onTerminal(`LC_ALL=C.UTF-8 ${history(60)}`, {
    cols: 120,
    when: [[/Chat +Title[\s\S]*:$/, ({type}) => type('q')]],
  });
  expect(bytes).toContain('Introduction to sourdough bread');
  expect(lines.at(-1)).toBe('exit 0');
});
