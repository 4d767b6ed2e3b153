import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {commands} from '../../../src/commands/index.js';
import {temporaryFolder} from '../../support/harness.js';
import {seconds} from '../../support/patience.js';
import {type At, onTerminal, type When} from '../../support/terminal/pseudo-terminal.js';

/* Each kind of error, in the chat: it names slash commands and keys, never a command, an option or a variable of the shell. */

const shellCommands = Object.values(commands)
  .flatMap((group) => Object.keys(group))
  .join('|');
const shellHint = new RegExp(String.raw`\bpoe (?:${shellCommands})\b|(?<!/[a-z -]*)\s--?[a-z]|[A-Z]+_[A-Z]|\$[A-Z]`);
const refusal = {status: 200, body: JSON.stringify({data: null, errors: [{message: 'Poe said no'}]})};
const folder = () => {
  const path = temporaryFolder();
  writeFileSync(join(path, 'taken.md'), '');
  return path;
};

type Row = [code: string, line: string, seen: RegExp, disturb?: (at: At) => void];

/** Types each line after the error of the one before is shown. */
async function errorsOf(options: string, rows: readonly Row[]): Promise<string[]> {
  const path = folder();
  const step = (line: string, disturb?: (at: At) => void) => (at: At) => {
    at.sandbox.faults.clear();
    disturb?.(at);
    at.type(`\u0015${line.replace('FOLDER', path)}\r`);
  };
  const waits = [
    /\w · new chat +[\d,]+ points/,
    ...rows.map(([, , seen]) => new RegExp(`${seen.source}[^]*(?<!Esc to stop)\n>[^\n]*\n(?!.*Esc to stop)`, 'i')),
  ];
  const {lines} = await onTerminal(`node bin/poe.js chat -q ${options}`, {
    cols: 300,
    rows: 40,
    when: [
      ...rows.map(([, line, , disturb], index): When[number] => [waits[index] ?? /./, step(line, disturb)]),
      [waits.at(-1) ?? /./, (at) => at.type('\u0015\u0004')],
    ],
  });
  return lines.slice(1, -1).filter((line) => !/^[>/]/.test(line));
}

test('no error in the chat names a command, an option or a variable of the shell', async () => {
  const lines = await errorsOf(`--timeout ${seconds(1)} -b Sandbox-Count`, [
    ['usage', '/bot-info', /Missing argument <handle>/],
    ['bot_not_found', '/bot zzzzqqqq', /zzzzqqqq/],
    ['user_not_found', '/user-info zzzznobody', /zzzznobody/],
    ['chat_not_found', '/chat nosuchchatcode', /nosuchchatcode/],
    ['file', '/file FOLDER/missing.txt', /missing\.txt/],
    [
      'refused',
      'hello one',
      /Poe said no/,
      ({sandbox}) => sandbox.faults.respondOnce({operation: 'sendMessage'}, refusal),
    ],
    [
      'rate_limited',
      'hello two',
      /Rate limited/,
      ({sandbox}) =>
        sandbox.faults.respondAlways({operation: 'sendMessage'}, {status: 429, headers: {'Retry-After': '90'}}),
    ],
    [
      'unavailable',
      '/bot-info Sandbox-Echo',
      /web page/,
      ({sandbox}) => sandbox.faults.respondAlways({operation: 'botInfo'}, 'html'),
    ],
    [
      'cloudflare',
      '/bot-info Sandbox-Files',
      /Cloudflare/,
      ({sandbox}) => sandbox.faults.respondAlways({operation: 'botInfo'}, 'cloudflare'),
    ],
    [
      'timeout',
      '/bot-info Sandbox-Slow',
      /No data/,
      ({sandbox}) => sandbox.faults.respondAlways({operation: 'botInfo'}, 'silence'),
    ],
    [
      'delivery_unknown',
      'hello three',
      /may have been charged/,
      ({sandbox}) => sandbox.faults.respondOnce({operation: 'sendMessage'}, {status: 502}),
    ],
    ['no_code', 'count to 3', /1 2 3/],
    ['no_code', '/retry -x', /no code/i],
    ['message_not_found', '/share 999', /999/],
    ['file', '/export FOLDER/taken.md', /taken\.md/],
    [
      'stale_operation',
      '/title Tea',
      /hash/,
      ({sandbox}) => {
        sandbox.faults.rotateHash('setChatTitle');
        sandbox.faults.hideHash('setChatTitle');
      },
    ],
    ['usage', '/config set nonsense 1', /Unknown setting/],
    ['usage', '/config edit', /requires a terminal/],
    ['network', '/settings', /refused the connection/, ({sandbox}) => void sandbox.close()],
  ]);
  for (const line of lines) expect(line).not.toMatch(shellHint);
});
