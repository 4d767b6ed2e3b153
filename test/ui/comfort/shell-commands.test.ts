import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {countSends, sentMessages, temporaryFolder} from '../../support/harness.js';
import {onTerminal, readyChat} from '../../support/terminal/pseudo-terminal.js';

/* `!command` in a chat. */

const answered = /last: /;
const ctrlC = '\u0003';
const ctrlD = '\u0004';
const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;
const chat = 'node bin/poe.js chat -q -b Sandbox-Echo';

test.each([
  [40, 15],
  [80, 24],
])('!command shows its output, which Tab adds to the next message (%i×%i)', async (cols, rows) => {
  const {lines, sandbox} = await onTerminal(chat, {
    cols,
    rows,
    when: [
      [readyChat, ({type}) => type('!echo one; echo two >&2; exit 3\r')],
      [/\(exit code 3\)[^]*Tab {2}Add the output of echo one/, ({type}) => type('\t')],
      [/pasted 6 lines/, ({type}) => type('Why?\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(1, 5)).toEqual(['! echo one; echo two >&2; exit 3', 'one', 'two', '(exit code 3)']);
  expect(countSends(sandbox)).toBe(1);
  const sent = sandbox.requests.find(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(JSON.stringify(sent?.variables)).toContain(
    JSON.stringify('```\n$ echo one; echo two >&2; exit 3\none\ntwo\n(exit code 3)\n```\nWhy?').slice(1, -1),
  );
});

test('a command without output says so, and can be added to the next message too', async () => {
  const {sandbox} = await onTerminal(chat, {
    when: [
      [readyChat, ({type}) => type('!true\r')],
      [/! true\n\(no output\)\n[^]*Add the output of true/, ({type}) => type('\t')],
      [/\$ true|pasted/, ({type}) => type('ok?\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(sentMessages(sandbox)).toMatchObject([{query: '```\n$ true\n(no output)\n```\nok?'}]);
});

test('output that is not used is never sent', async () => {
  const {sandbox} = await onTerminal(chat, {
    when: [
      [readyChat, ({type}) => type('!echo secret\r')],
      [/Add the output of echo secret/, ({type}) => type('hello\r')],
      [answered, ({type}) => type('\t!')],
      [/\n> ! *\n/, ({type}) => type(`\u0015${ctrlD}`)],
    ],
  });
  expect(JSON.stringify(sandbox.requests)).not.toContain('secret');
});

test('a pasted ! runs nothing: it is a message', async () => {
  const file = join(temporaryFolder(), 'created');
  const {sandbox} = await onTerminal(chat, {
    when: [
      [readyChat, ({type}) => type(`${paste(`!touch ${file}`)}\r`)],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(() => readFileSync(file)).toThrow('ENOENT');
  expect(countSends(sandbox)).toBe(1);
});

test('a recalled command runs again, and a recalled message that begins with ! does not', async () => {
  const folder = temporaryFolder();
  const log = join(folder, 'log');
  const {lines, sandbox} = await onTerminal(`${chat}; ${chat}`, {
    cols: 120,
    when: [
      [readyChat, ({type}) => type(`${paste(`!echo pasted >> ${log}`)}\r`)],
      [answered, ({type}) => type(`!echo typed >> ${log}\r`)],
      [/! echo typed[^]*\(no output\)[^]*\n> *\n/, ({type}) => type(ctrlD)],
      [/! echo typed[^]*\w · new chat/, ({type}) => type('\u001b[A\r')],
      [/! echo typed[^]*! echo typed[^]*\(no output\)[^]*\n> *\n/, ({type}) => type('\u001b[A\u001b[A\r')],
      [/! echo typed[^]*! echo typed[^]*last: /, ({type}) => type(ctrlD)],
    ],
  });
  expect(readFileSync(log, 'utf8')).toBe('typed\ntyped\n');
  expect(countSends(sandbox)).toBe(2);
  expect(lines.filter((line) => line.startsWith('> !echo pasted'))).toHaveLength(2);
});

test('a Markdown image at the start of a message is no command', async () => {
  const {sandbox} = await onTerminal(chat, {
    when: [
      [readyChat, ({type}) => type('![a cup](https://example.com/cup.png) what is this?\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(countSends(sandbox)).toBe(1);
});

test('a space before ! makes it a message', async () => {
  const {lines, sandbox} = await onTerminal(chat, {
    when: [
      [readyChat, ({type}) => type(' !echo hello\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toContain('>  !echo hello');
  expect(countSends(sandbox)).toBe(1);
});

test('Ctrl+C stops a command and everything that it has started', async () => {
  const folder = temporaryFolder();
  const script = join(folder, 'script');
  writeFileSync(
    script,
    `trap '' INT\n(sleep 60; echo survived > ${folder}/survived) &\necho $! > ${folder}/pid\nwait\n`,
  );
  const {lines} = await onTerminal(chat, {
    when: [
      [readyChat, ({type}) => type(`!echo started; sh ${script}\r`)],
      [() => isRunning(join(folder, 'pid')), ({type}) => type(ctrlC)],
      [/\(stopped\)/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toContain('started');
  await expect.poll(() => isRunning(join(folder, 'pid'))).toBe(false);
});

test('only the start and the end of a long output are shown', async () => {
  const {lines, bytes} = await onTerminal(chat, {
    when: [
      [readyChat, ({type}) => type("!seq 1 100000 | paste -sd' ' | fold -w 60\r")],
      [/Add the output of seq/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines[2]).toMatch(/^1 2 3 4 5 /);
  expect(lines.filter((line) => line.includes('left out'))).toEqual(['[… 499 KB left out …]']);
  expect(lines.join('\n')).toMatch(/ 100000\n/);
  expect(bytes.length).toBeLessThan(200_000);
});

test('what a command writes cannot control the terminal, and it gets no secrets of poe', async () => {
  const {bytes, lines} = await onTerminal(chat, {
    env: {POE_SECRET: 'hidden'},
    when: [
      [
        readyChat,
        ({type}) => type(String.raw`!printf '\033]0;title\007\033[2Jred\n'; echo "[$POE_P_B$POE_SECRET]"` + '\r'),
      ],
      [/\n\[\]\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(bytes).not.toMatch(/\u001b(?:\]0;title|\[2J)/);
  expect(lines).toContain('␛]0;title␇␛[2Jred');
});

test('a command cannot read from the terminal of the chat', async () => {
  const {lines} = await onTerminal(chat, {
    when: [
      [readyChat, ({type}) => type('!cat; cat /dev/tty || echo none\r')],
      [/none/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});

/** Whether the process whose number is in a file is running. One that has ended may not have been removed yet. */
function isRunning(path: string): boolean {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${readFileSync(path, 'utf8').trim()}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
