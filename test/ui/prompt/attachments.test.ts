import {chmodSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {expect, test} from 'vitest';
import type {TestSandbox} from '../../../src/sandbox/faults/test-sandbox.js';
import {countSends, temporaryFolder} from '../../support/harness.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';
import {unknownUser} from '../../support/unknown-user.js';

/* A file is sent only if its path was typed after an `@`, completed, dropped on the terminal, or given to /file. */

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const ready = /\w · new chat/;
const answered = /last: /;
const backspace = '\u007f';
const pasted = (text: string) => `\u001b[200~${text}\u001b[201~`;

/** The bot of these chats lists the files that it gets: `tea.txt, text/plain, 3, <hash>`. */
const bin = resolve('bin/poe.js');
const chat = `node ${bin} chat -q -b Sandbox-Files`;

/** What the user sent: the text and the number of files. */
const sent = ({requests}: TestSandbox) =>
  requests
    .filter(({queryName}) => /^sendMessage/i.test(queryName ?? ''))
    .map(({variables}) => {
      const {query, attachments} = variables as {query: string; attachments: unknown[]};
      return [query, attachments.length];
    });

/** A folder with files. */
function folderWith(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const type =
  (text: string): When[number][1] =>
  (at) =>
    at.type(text);

test('an @path in pasted text is text: nothing is attached, neither when it is sent nor when it is recalled', async () => {
  const folder = folderWith({'secret.txt': 'secret'});
  const text = `look at @${folder}/secret.txt please`;
  const {sandbox, lines, configDir} = await onTerminal(chat, {
    cols: 200,
    when: [
      [ready, type(`${pasted(text)}\r`)],
      [/no files[^]*last: /i, type('\u001b[A')],
      [/> look at \S+ please *\nSandbox-Files(?!.*file)/, type('\r')],
      [/no files[^]*no files[^]*> *\n[^\n]*last: /i, type(`\u0012look`)],
      [/Search: look *\n❯ look/, type('\r\u0005 again\r')],
      [/please again[^]*no files[^]*> *\n[^\n]*last: /i, type(ctrlD)],
    ],
  });
  expect(sent(sandbox)).toEqual([
    [text, 0],
    [text, 0],
    [`${text} again`, 0],
  ]);
  expect(lines.join('\n')).not.toContain('[secret.txt');
  expect(readFileSync(join(configDir, 'history.jsonl'), 'utf8')).not.toContain('mentions');
});

test('pasted text attaches nothing after $EDITOR, from the queue, and in a new chat either', async () => {
  const folder = folderWith({'secret.txt': 'secret'});
  const path = `${folder}/secret.txt`;
  const {sandbox} = await onTerminal(`${chat}; ${chat}`, {
    cols: 200,
    env: {EDITOR: 'sed -i s/look/see/'},
    when: [
      [ready, type(`${pasted(`look at @${path}`)}\u0007`)],
      [/> see at @/, type('\r')],
      [/> see at \S+ *\n\n/, type(`${pasted(`and (@${path})`)}\r`)],
      [/> and \(@[^]*no files[^]*> *\n[^\n]*last: /i, type(ctrlD)],
      [ready, type('\u001b[A')],
      [/\n> and \(@\S+\) *\nSandbox-Files/, type('\r')],
      [answered, type(ctrlD)],
    ],
  });
  expect(sent(sandbox).map(([, files]) => files)).toEqual([0, 0, 0]);
});

test('a typed @path shows the file above the prompt and in the transcript, and attaches it also when it is recalled', async () => {
  const folder = folderWith({'tea.txt': 'tea'});
  const {sandbox, lines, configDir} = await onTerminal(`${chat}; ${chat}`, {
    cols: 200,
    when: [
      [ready, type(`what is @${folder}/tea.txt`)],
      [/\[tea\.txt 3 B\] {2}Backspace at the start removes the last one\n> what is [^\n]*\n[^\n]*1 file/, type(' ?\r')],
      [/tea\.txt, text\/plain, 3, [^]*last: /, type(ctrlD)],
      [ready, type('\u001b[A')],
      [/\[tea\.txt 3 B\][^\n]*\n> what is /, type('\r')],
      [/tea\.txt, text\/plain, 3, [^]*tea\.txt, text\/plain, 3, [^]*last: /, type(ctrlD)],
    ],
  });
  const text = `what is @${folder}/tea.txt ?`;
  expect(sent(sandbox)).toEqual([
    [text, 1],
    [text, 1],
  ]);
  const at = lines.indexOf(`> ${text}`);
  expect(lines.slice(at, at + 3)).toEqual([`> ${text}`, '[tea.txt 3 B]', '']);
  expect(JSON.parse(readFileSync(join(configDir, 'history.jsonl'), 'utf8').split('\n')[0] ?? '')).toEqual({
    text,
    mentions: [8],
    folds: [],
  });
});

test('paths are found in quotes, before punctuation, in brackets, in the home folder and with escaped blanks', async () => {
  const {sandbox, lines} = await onTerminal(
    `cd "$HOME" && echo 1 > README.md && echo 22 > 'my file.pdf' && echo 333 > 'C:\\a.png' && ${chat}`,
    {
      cols: 200,
      when: [
        [ready, type('see @README.md, (@README.md) and @~/README.md.')],
        [/\[README\.md 2 B\] \[README\.md 2 B\] \[README\.md 2 B\]/, type('\r')],
        [/README\.md, [^]*last: /, type(String.raw`@"my file.pdf" @my\ file.pdf! @'my file.pdf'`)],
        [/\[my file\.pdf 3 B\] \[my file\.pdf 3 B\] \[my file\.pdf 3 B\]/, type('\r')],
        [/> @"my[^]*my file\.pdf, [^]*last: /, type(String.raw`@C:\a.png @"C:\a.png", 看@README.md，然后`)],
        [/\[C:\\a\.png 4 B\] \[C:\\a\.png 4 B\] \[README/, type('\r')],
        [/> @C:[^]*a\.png, [^]*> *\n[^\n]*last: /, type(ctrlD)],
      ],
    },
  );
  expect(sent(sandbox)).toEqual([
    ['see @README.md, (@README.md) and @~/README.md.', 2],
    [String.raw`@"my file.pdf" @my\ file.pdf! @'my file.pdf'`, 1],
    [String.raw`@C:\a.png @"C:\a.png", 看@README.md，然后`, 2],
  ]);
  expect(lines.at(-1)).toBe('exit 0');
});

test('\\@ is a literal @, and an @ within a word is no path', async () => {
  const {sandbox} = await onTerminal(`cd "$HOME" && echo 1 > README.md && ${chat}`, {
    when: [
      [ready, type(String.raw`\@README.md me@README.md @ x` + '\r')],
      [answered, type(ctrlD)],
    ],
  });
  expect(sent(sandbox)).toEqual([['@README.md me@README.md @ x', 0]]);
});

test('a typed @path that cannot be sent is reported before anything is sent, and can be sent as text', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'sub'));
  const {sandbox, lines} = await onTerminal(`cd ${folder} && ${chat}`, {
    cols: 200,
    when: [
      [ready, type('ask @alice about @sub, and @/dev/null\r')],
      [
        /^@alice cannot be attached \(not found\)\. @sub cannot be attached \(folder\)\. @\/dev\/null cannot be attached \(not a regular file\)\. Send them as text\? \(y\/N\)\n> *\n/m,
        (at) => {
          expect(countSends(at.sandbox)).toBe(0);
          at.type('\r');
        },
      ],
      [/\n> ask @alice about [^\n]*\n/, type('\r')],
      [/Send them as text\? \(y\/N\)\n> *\n/, type('y\r')],
      [/^> ask @alice[^]*no files[^]*> *\n[^\n]*last: /im, type(ctrlD)],
    ],
  });
  expect(sent(sandbox)).toEqual([['ask @alice about @sub, and @/dev/null', 0]]);
  expect(lines.filter((line) => line.startsWith('> '))).toHaveLength(1);
});

test('a typed @path that must not be read is reported, and is attached once it may be read', async () => {
  const folder = folderWith({'secret.txt': 'secret'});
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'secret.txt'), 0);
  const {sandbox} = await onTerminal(chat.replace('node ', 'node --import "$UNKNOWN_USER" '), {
    cols: 200,
    env: {UNKNOWN_USER: unknownUser, POE_CONFIG_DIR: '/proc/none'},
    when: [
      [ready, type(`@${folder}/secret.txt what is this?\r`)],
      [
        /^@\S+\/secret\.txt cannot be attached \(permission denied\)\. Send it as text\? \(y\/N\)\n> *\n/m,
        (at) => {
          expect(countSends(at.sandbox)).toBe(0);
          at.type('\r');
        },
      ],
      [
        /\n> @\S+ what is this\?\n/,
        (at) => {
          chmodSync(join(folder, 'secret.txt'), 0o644);
          at.type('\r');
        },
      ],
      [/\[secret\.txt 6 B\][^]*secret\.txt, text\/plain, 6, [^]*last: /, type(ctrlD)],
    ],
  });
  expect(sent(sandbox)).toEqual([[`@${folder}/secret.txt what is this?`, 1]]);
});

test('Backspace at the start removes the last attachment; its path stays as text', async () => {
  const folder = folderWith({'one.txt': '1', 'two.txt': '22', 'three.txt': '333'});
  const {sandbox} = await onTerminal(chat, {
    cols: 200,
    when: [
      [ready, type(`/file ${folder}/one.txt\r`)],
      [/\[one\.txt 1 B\]/, type(`/file "${folder}/two.txt"\r`)],
      [/\[one\.txt 1 B\] \[two\.txt 2 B\]/, type(`see @${folder}/three.txt`)],
      [/\[one\.txt 1 B\] \[two\.txt 2 B\] \[three\.txt 3 B\]/, type(`\u0001${backspace}`)],
      [/\[one\.txt 1 B\] \[two\.txt 2 B\] {2}[^]*\n> see @/, type(backspace)],
      [/\[one\.txt 1 B\] {2}[^]*\n> see @/, type('\r')],
      [/one\.txt, text\/plain, 1[^]*last: /, type(ctrlD)],
    ],
  });
  expect(sent(sandbox)).toEqual([[`see @${folder}/three.txt`, 1]]);
});

test('files that are dropped on the terminal are attached, also several, quoted, escaped, or as URLs', async () => {
  const folder = folderWith({'a b.txt': 'ab', 'c.txt': 'c'});
  const escaped = `${folder}/a\\ b.txt`;
  const noFiles = /^(?![^]*\[a b\.txt)[^]*> compare *\n/;
  const drops = [
    `'${folder}/a b.txt' '${folder}/c.txt'`,
    `"${folder}/a b.txt" ${folder}/c.txt `,
    `${escaped} ${folder}/c.txt`,
    `file://${folder}/a%20b.txt\r\nfile://${folder}/c.txt\r\n`,
  ];
  const {sandbox} = await onTerminal(chat, {
    cols: 200,
    when: [
      [ready, type('compare')],
      ...drops.flatMap((drop): When => [
        [noFiles, type(pasted(drop))],
        [/2 files will be attached[^]*\[a b\.txt 2 B\] \[c\.txt 1 B\]/, type('\u0015compare')],
      ]),
      [noFiles, type(pasted(drops[0] ?? ''))],
      [/\[a b\.txt 2 B\] \[c\.txt 1 B\]/, type('\r')],
      [/a b\.txt, [^]*c\.txt, [^]*last: /, type(ctrlD)],
    ],
  });
  expect(sent(sandbox)).toEqual([[`compare @${escaped} @${folder}/c.txt `, 2]]);
});

test('a pasted list of paths is text', async () => {
  const folder = folderWith({'a.txt': 'a', 'b.txt': 'b'});
  const list = `${folder}/a.txt\n${folder}/b.txt`;
  const {sandbox} = await onTerminal(chat, {
    cols: 200,
    when: [
      [ready, type(`${pasted(list)}\r`)],
      [/No files[^]*last: /i, type(ctrlD)],
    ],
  });
  expect(sent(sandbox)).toEqual([[list, 0]]);
});

test('a Windows path can be dropped as it is, in quotes, or escaped', async () => {
  const {sandbox} = await onTerminal(`cd "$HOME" && echo 1 > 'C:\\my file.png' && ${chat}`, {
    cols: 200,
    when: [
      [ready, type(`${pasted(String.raw`"C:\my file.png"`)}1`)],
      [/2 B\][^\n]*\n> @"C:\\my file\.png" 1/, type(`\u0015${pasted(String.raw`C:\my file.png`)}2`)],
      [/2 B\][^\n]*\n> @"C:\\my file\.png" 2/, type(`\u0015${pasted(String.raw`C:\\my\ file.png`)}3`)],
      [/2 B\][^\n]*\n> @"C:\\my file\.png" 3/, type('\r')],
      [/my file\.png, [^]*last: /, type(ctrlD)],
    ],
  });
  expect(sent(sandbox)).toEqual([[String.raw`@"C:\my file.png" 3`, 1]]);
});

test('a suggested reply attaches nothing; Tab completes a path after @ and attaches the file', async () => {
  const folder = folderWith({'green tea.txt': 'green'});
  const {sandbox} = await onTerminal(chat, {
    cols: 200,
    when: [
      [ready, type(`see @${folder}/gr\t`)],
      [/\[green tea\.txt 5 B\][^\n]*\n> see @\S+\/green\\ tea\.txt/, type('now\u0001\u000b\u0019\r')],
      [/green tea\.txt, text\/plain, 5[^]*last: /, type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(sent(sandbox)).toEqual([[`see @${folder}/green\\ tea.txt now`, 1]]);
});

test('many attachments wrap on a narrow terminal and a long name is truncated', async () => {
  const files = ['a-quite-long-file-name-that-does-not-fit-here.txt', 'one.txt', 'two.txt', 'three.txt', 'four.txt'];
  const folder = folderWith(Object.fromEntries(files.map((name) => [name, 'x'])));
  const {lines} = await onTerminal(`cd ${folder} && ${chat}`, {
    cols: 40,
    rows: 15,
    when: [
      [ready, type(files.map((name) => `@${name}`).join(' '))],
      [
        /^\[a-quite-long-file-name-that-does… 1 B\]\s\[one\.txt 1 B\] \[two\.txt 1 B\]\s\[three\.txt 1 B\] \[four\.txt 1 B\]\n> @a-quite/m,
        type(`\u0015${ctrlD}`),
      ],
    ],
  });
  expect(lines).toEqual(['before', 'exit 0']);
});

test('a screen reader gets each change of the attachments as a line', async () => {
  const folder = folderWith({'tea.txt': 'tea'});
  const {lines} = await onTerminal(`node ${bin} chat -q --screen-reader -b Sandbox-Files`, {
    cols: 200,
    when: [
      [/^>$/m, type(`see @${folder}/tea.txt`)],
      [/^Attached: \[tea\.txt 3 B\]\n> see @/m, type(`\u0001${backspace}`)],
      [/^No files attached\n> see @/m, type(`\u0005\u0015${ctrlD}`)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});
