import {chmodSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {operationsOf, temporaryFolder} from '../../support/harness.js';
import {onTerminal} from '../../support/terminal/pseudo-terminal.js';

/* Slash commands that switch the chat, open the editor or stop a reply. */

const ready = /\w · new chat/;
const answered = /last: /;
const ctrlC = '\u0003';
const ctrlD = '\u0004';

test('/chat continues another chat and shows its last exchange', async () => {
  const {lines, sandbox} = await onTerminal(
    'node bin/poe.js -q -b Sandbox-Count "count to 4" > /dev/null; node bin/poe.js chat -q -b Sandbox-Echo',
    {
      cols: 120,
      when: [
        [ready, ({type}) => type('/chat nowhere\r')],
        [/nowhere[^]*\n> *\n/, ({type}) => type('/chat last\r')],
        [/count to 4[^]*1 2 3 4[^]*\n> *\nSandbox-Count · (?!new chat)/, ({type}) => type('count to 2\r')],
        [/> count to 2\n\n\S+\n1 2\n[^]*last: /, ({type}) => type(ctrlD)],
      ],
    },
  );
  expect(lines.filter((line) => line === '1 2 3 4')).toHaveLength(1);
  const sends = sandbox.requests.filter(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(sends).toHaveLength(2);
  expect(sends[1]?.variables).toMatchObject({chatId: expect.any(Number)});
});

test('/clear starts a new chat on an empty screen, and the scrollback keeps the old one', async () => {
  const {lines, bytes, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [ready, ({type}) => type('count to 3\r')],
      [answered, ({type}) => type('/clear\r')],
      [/\n{20}> *\nSandbox-Count · new chat/, ({type}) => type('count to 2\r')],
      [/1 2\n[^]*last: /, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(0, 5)).toEqual(['before', '> count to 3', '', 'Sandbox-Count', '1 2 3']);
  expect(bytes).not.toMatch(/\u001B\[[23]J/);
  const [, second] = sandbox.requests.filter(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(second?.variables).toMatchObject({chatId: null});
});

test('/edit opens the draft in $EDITOR; a missing editor is reported', async () => {
  const editor = join(temporaryFolder(), 'editor.sh');
  writeFileSync(editor, '#!/bin/sh\nprintf "first line\\r\\nsecond line\\n" > "$1"\n');
  chmodSync(editor, 0o700);
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {EDITOR: editor},
    when: [
      [ready, ({type}) => type('/edit\r')],
      [/> first line *\n {2}second line/, ({type}) => type('\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(1)).toEqual([
    '> first line',
    'second line',
    '',
    'Sandbox-Echo',
    'first line',
    'second line',
    '',
    'exit 0',
  ]);
  const without = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {EDITOR: '/nowhere/editor'},
    when: [
      [ready, ({type}) => type('a draft\u0007')],
      [/nowhere\/editor[^]*\n> a draft/, ({type}) => type(`\u0015${ctrlD}`)],
    ],
  });
  expect(without.lines.at(-1)).toBe('exit 0');
});

test('a reply that arrives while the editor is open is shown afterwards, each line once', async () => {
  const folder = temporaryFolder();
  const editor = join(folder, 'editor.sh');
  const go = join(folder, 'go');
  // It uses the terminal until the file exists.
  writeFileSync(editor, `#!/bin/sh\necho the editor\nuntil [ -e ${go} ]; do sleep 0.05; done\necho next > "$1"\n`);
  chmodSync(editor, 0o700);
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    env: {EDITOR: editor},
    when: [
      [ready, ({type}) => type('count to 60\r\u0007')],
      [
        /the editor/,
        ({sandbox}) => {
          // The balance is requested at the start, and again after the reply.
          const isWhole = () => operationsOf(sandbox).filter((name) => /settings/i.test(name)).length > 1;
          void expect
            .poll(isWhole)
            .toBe(true)
            .then(() => writeFileSync(go, ''));
        },
      ],
      [/> next[^]*last: /, ({type}) => type(`${ctrlC}${ctrlC}`)],
    ],
  });
  const numbers = Array.from({length: 60}, (_, index) => index + 1);
  const counted = [numbers.slice(0, 29), numbers.slice(29, 55), numbers.slice(55)].map((row) => row.join(' '));
  // The order of the editor and the message does not matter.
  const expected = ['before', 'the editor', '> count to 60', '', 'Sandbox-Count', ...counted, '', 'exit 0'];
  expect(lines.toSorted()).toEqual(expected.toSorted());
});

test('what an editor leaves in the last row stays there, and the chat continues below it', async () => {
  const editor = join(temporaryFolder(), 'editor.sh');
  writeFileSync(editor, '#!/bin/sh\nprintf "no newline"\necho next > "$1"\n');
  chmodSync(editor, 0o700);
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {EDITOR: editor},
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type('/edit\r')],
      [/> next/, ({type}) => type('\r')],
      [/> next[^]*\nnext\n[^]*last: /, ({type}) => type(ctrlD)],
    ],
  });
  const below = ['no newline', '> next', '', 'Sandbox-Echo', 'next', ''];
  expect(lines).toEqual(['before', '> hello', '', 'Sandbox-Echo', 'hello', '', ...below, 'exit 0']);
});

test('/cancel during a reply stops it on Poe', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    heldAfter: 4,
    when: [
      [ready, ({type}) => type('hello\r')],
      [/> hello\n\n\S+\n\w+ \w+/, ({type}) => type('/cancel\r')],
      [/\(stopped\)[^]*\n> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  expect(operationsOf(sandbox).join(' ')).toMatch(/cancelViewerActiveJobs/i);
  expect(lines.join('\n')).not.toMatch(/queued|\/cancel/);
  expect(lines.at(-1)).toBe('exit 0');
});
