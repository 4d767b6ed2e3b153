import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';
import {expectRestored} from '../../support/terminal/restored.js';

/* Typing, pasting and searching on a real terminal. */

const ctrlC = '\u0003';
const ctrlD = '\u0004';
/** The prompt is shown and no reply is in progress. */
const ready = /\w · new chat/;
const answered = /last: /;

test('pasted text is sent unchanged and shown without control characters', async () => {
  const pasted = 'a\u200Fb \u001B]0;title\u0007 c';
  const {sandbox, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [ready, ({type}) => type(`\u001B[200~${pasted}\u001B[201~`)],
      [/> a/, ({type}) => type('\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  const send = sandbox.requests.find(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(send?.variables).toMatchObject({query: pasted});
  expect(bytes).not.toContain('\u200F');
  expect(bytes).not.toContain('\u001B]0;');
});

test('Ctrl+C clears the line and keeps it in the history; pressed twice, it leaves', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q', {
    when: [
      [ready, ({type}) => type('not this')],
      [/> not this/, ({type}) => type(ctrlC)],
      [/Press Ctrl\+C again to exit\n> *\n/, ({type}) => type('\u001b[A')],
      [/> not this/, ({type}) => type(ctrlC)],
      [/Press Ctrl\+C again to exit\n> *\n/, ({type}) => type(ctrlC)],
    ],
  });
  expect(lines).toEqual(['before', 'exit 0']);
  expectRestored(bytes);
});

test('a long paste is shortened on screen, is not submitted by its line ends, and is sent completely', async () => {
  const pasted = Array.from({length: 10_000}, (_, index) => `line ${index}`).join('\r');
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [ready, ({type}) => type(`\u001b[200~${pasted}\u001b[201~`)],
      [/\[pasted 10,000 lines\]/, ({type}) => type(' count to 3\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  const sent = sandbox.requests.find(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(sent?.variables).toMatchObject({query: `${pasted.replaceAll('\r', '\n')} count to 3`});
  expect(lines.at(-1)).toBe('exit 0');
});

test('during a reply, Enter queues a message and Esc takes it back', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    heldAfter: 4,
    when: [
      [ready, ({type}) => type('hello\r')],
      [/> hello\n\n\S+\n\w+ \w+/, ({type}) => type('and more\r')],
      [/Queued: and more/, ({type}) => type('\u001b')],
      [/\n> and more\n/, ({type}) => type('\u001b')],
      [/\(stopped\)/, ({type}) => type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(lines.filter((line) => line.startsWith('> '))).toEqual(['> hello']);
  expect(lines.at(-1)).toBe('exit 0');
});

test('Ctrl+G opens the draft in $EDITOR and takes over the edited text', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {EDITOR: 'sed -i s/tea/coffee/'},
    when: [
      [ready, ({type}) => type('tea\u0007')],
      [/> coffee/, ({type}) => type('\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toEqual(['before', '> coffee', '', 'Sandbox-Echo', 'coffee', '', 'exit 0']);
  expectRestored(bytes);
});

test('Tab completes commands and known bots', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type('/bot-\t')],
      [/> \/bot-info *\n/, ({type}) => type('sandb\t')],
      [/> \/bot-info Sandbox-Count/, ({type}) => type('\r')],
      [/Counts to the number/, ({type}) => type('/exit\r')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});

test('paths are completed after /file and @; a file dragged onto the terminal is attached', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'green tea.txt'), 'green');
  writeFileSync(join(folder, 'black.txt'), 'black');
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Files', {
    cols: 200,
    when: [
      [ready, ({type}) => type(`/file ${folder}/bl\t`)],
      [/> \/file \S+\/black\.txt *\n/, ({type}) => type('\r')],
      [/Attached to the next message[^]*1 file/, ({type}) => type(`\u001B[200~${folder}/green\\ tea.txt\u001B[201~`)],
      [/> @\S+\/green\\ tea\.txt *\n/, ({type}) => type('these\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.join('\n')).toMatch(/black\.txt, text\/plain, 5, \w+\ngreen tea\.txt, text\/plain, 5, /);
  expect(lines.at(-1)).toBe('exit 0');
});

test('the cursor is at the caret, also next to wide characters and emoji, which it passes in one step', async () => {
  const at =
    (column: number, row: string): When[number][0] =>
    (_shown, cursor) =>
      cursor.column === column && cursor.row === row;
  const left = '\u001B[D';
  const {sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [ready, ({type}) => type('日本 é👩🏽‍🍳!')],
      [at(11, '> 日本 é👩🏽‍🍳!'), ({type}) => type(left)],
      [at(10, '> 日本 é👩🏽‍🍳!'), ({type}) => type(left)],
      [at(8, '> 日本 é👩🏽‍🍳!'), ({type}) => type(left)],
      [at(7, '> 日本 é👩🏽‍🍳!'), ({type}) => type(left + left)],
      [at(4, '> 日本 é👩🏽‍🍳!'), ({type}) => type('語')],
      [at(6, '> 日語本 é👩🏽‍🍳!'), ({type}) => type('\u0005\u007F\u007F')],
      [at(10, '> 日語本 é'), ({type}) => type('\n字')],
      [at(4, '  字'), ({type}) => type('\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  const sent = sandbox.requests.find(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(sent?.variables).toMatchObject({query: '日語本 é\n字'});
});

test('Ctrl+R searches the input of earlier chats too', async () => {
  const earlier = ['brew green tea', 'brew black tea', 'grind coffee'].map((line) => JSON.stringify(line)).join('\n');
  const {sandbox} = await onTerminal(
    `echo '${earlier}' > "$POE_CONFIG_DIR/history.jsonl"; node bin/poe.js chat -q -b Sandbox-Echo`,
    {
      when: [
        [ready, ({type}) => type('\u0012tea')],
        [/Search: tea *\n❯ brew black tea *\n {2}brew green tea/, ({type}) => type('\u0012')],
        [/Search: tea *\n {2}brew black tea *\n❯ brew green tea/, ({type}) => type('\r')],
        [/\n> brew green tea/, ({type}) => type('!\r')],
        [answered, ({type}) => type(ctrlD)],
      ],
    },
  );
  const sent = sandbox.requests.find(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(sent?.variables).toMatchObject({query: 'brew green tea!'});
});

test('pasting after Ctrl+R searches for the first line, also for a path or a long line, and the match becomes the draft', async () => {
  const folder = temporaryFolder();
  const long = `${'long '.repeat(60)}end`;
  const earlier = ['brew green tea', `read ${folder}`, long].map((line) => JSON.stringify(line)).join('\n');
  const paste = (text: string) => `\u001B[200~${text}\u001B[201~`;
  const {sandbox, lines} = await onTerminal(
    `echo '${earlier}' > "$POE_CONFIG_DIR/history.jsonl"; node bin/poe.js chat -q -b Sandbox-Echo`,
    {
      when: [
        [ready, ({type}) => type(`\u0012${paste('\ngreen\r\ncoffee\n')}`)],
        [/Search: green *\n❯ brew green tea/, ({type}) => type(`\u0003\u0012${paste(folder)}`)],
        [/Search: \S+ *\n❯ read \//, ({type}) => type(`\u0003\u0012${paste(long)}`)],
        [/Search: long long[^]*\n❯ long long/, ({type}) => type('\r\u0005!\r')],
        [answered, ({type}) => type(ctrlD)],
      ],
    },
  );
  const sent = sandbox.requests.find(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(sent?.variables).toMatchObject({query: `${long}!`});
  expect(lines.join('\n')).not.toContain('Search');
});

test('Ctrl+L moves the text above the prompt to the scrollback, and the draft stays', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type('a draft')],
      [/> a draft/, ({type}) => type('\u000C')],
      [/hello\n{21,}> a draft\n/, ({type}) => type(ctrlC)],
      [/Press Ctrl\+C again/, ({type}) => type(ctrlC)],
    ],
  });
  expect(lines.slice(0, 5)).toEqual(['before', '> hello', '', 'Sandbox-Echo', 'hello']);
  expect(lines.filter((line) => line !== '')).toHaveLength(5);
  expectRestored(bytes);
});
