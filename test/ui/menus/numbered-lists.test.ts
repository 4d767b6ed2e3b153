import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {temporaryFolder} from '../../support/harness.js';
import {onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* Menus as numbered lists: for screen readers, and on terminals without escape sequences. */

const ctrlD = '\u0004';
const type =
  (text: string): When[number][1] =>
  (at) =>
    at.type(text);
const question = 'Type a number, or words to search for. Leave it empty to cancel.';

test('for a screen reader, /bot is a numbered list that can be searched, and each line is printed once', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q --screen-reader -b Sandbox-Echo', {
    when: [
      [/^>$/m, type('/bot\r')],
      [/Choose a bot:\n1\. [^]*\nand \d+ more\n[^]*Leave it empty to cancel\.\n>$/, type('regex\r')],
      [/Choose a bot:\n1\. RegexHelper, [^]*Leave it empty to cancel\.\n>$/, type('1\r/param\r')],
      [/RegexHelper has no parameters/, type(ctrlD)],
    ],
  });
  expect(lines.filter((line) => line === question)).toHaveLength(2);
  expect(bytes).not.toContain('❯');
});

test('for a screen reader, Tab completes a single match and lists several with numbers', async () => {
  const folder = temporaryFolder();
  for (const name of ['green.txt', 'grey.txt', 'red.txt']) writeFileSync(join(folder, name), name);
  const {lines, sandbox} = await onTerminal(
    `cd ${folder} && node ${process.cwd()}/bin/poe.js chat -q --screen-reader -b Sandbox-Files`,
    {
      when: [
        [/^>$/m, type('see @red\t')],
        [/Attached: \[red\.txt 7 B\]/, type('@gre\t')],
        [/Completions:\n1\. grey\.txt\n2\. green\.txt\n[^]*cancel\.\n>$/, type('1\r')],
        [/Attached: \[grey\.txt 8 B\]/, type('\r')],
        [/points left\n>$/, type(ctrlD)],
      ],
    },
  );
  const sent = sandbox.requests.find(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(sent?.variables).toMatchObject({query: 'see @red.txt @grey.txt '});
  expect(lines.at(-1)).toBe('exit 0');
});

test('for a screen reader, Ctrl+R lists earlier input with numbers', async () => {
  const earlier = ['brew green tea', 'grind coffee'].map((text) => JSON.stringify(text)).join('\n');
  await onTerminal(
    `echo '${earlier}' > "$POE_CONFIG_DIR/history.jsonl"; node bin/poe.js chat -q --screen-reader -b Sandbox-Echo`,
    {
      when: [
        [/^>$/m, type('\u0012')],
        [/Earlier input:\n1\. grind coffee\n2\. brew green tea\n[^]*cancel\.\n>$/, type('2\r!')],
        [/\n> brew green tea!$/, type('\r')],
        [/points left\n>$/, type(ctrlD)],
      ],
    },
  );
});

test('with TERM=dumb, a slash alone, /bot and /chat are numbered lists', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {TERM: 'dumb'},
    when: [
      [/^>$/m, type('/\n')],
      [/Commands:\n1\. \/bot, Switch to another bot[^]*cancel\.\n>$/, type('1\n')],
      [/Choose a bot:\n1\. [^]*cancel\.\n>$/, type('sandbox-count\n')],
      [/1\. Sandbox-Count[^]*cancel\.\n>$/, type('1\n')],
      [/> 1\n(?:> *\n)?Switched to Sandbox-Count · 2 points per message\n\n>$/, type('count to 3\n')],
      [/\n1 2 3\n[^]*points left\n>$/, type('/chat\n')],
      [/Choose a chat to continue:\n1\. [^]*cancel\.\n>$/, type('\n')],
      [/cancel\.\n> *\n>$/, type(ctrlD)],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
  expect(bytes.slice(0, bytes.indexOf('exit'))).not.toContain('\u001b');
});
