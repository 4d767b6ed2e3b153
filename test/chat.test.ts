import {readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {bySite, operationsOf, temporaryFolder, withSandbox} from './harness.js';
import {onTerminal, type When} from './pseudo-terminal.js';

/** What must never be sent: clearing the screen or the scrollback, the alternate screen. */
const forbidden = /\u001b\[[23]J|\u001b\[\?1049h|\u001bc/;
const ctrlC = '\u0003';
const ctrlD = '\u0004';

/** Whatever was switched on is off again: paste mode, a hidden cursor. */
function expectRestored(bytes: string): void {
  expect(bytes).toContain('\u001b[?2004h');
  expect(bytes.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?2004h'));
  expect(bytes.lastIndexOf('\u001b[?25h')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?25l'));
  expect(bytes).not.toMatch(forbidden);
}

/** The prompt is there, and nothing is being answered. */
const ready = /\w · new chat/;
const answered = /last: /;

test('poe alone on a terminal is a chat; Ctrl+D leaves it and nothing stays behind', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js', {when: [[ready, ({type}) => type(ctrlD)]]});
  expect(lines).toEqual(['before', expect.stringMatching(/^Not poe.com/), 'exit 0']);
  expectRestored(bytes);
});

test('without a terminal, chat says to use send', async () => {
  const {run} = await withSandbox();
  expect(await run('chat')).toEqual({
    code: 2,
    out: '',
    err: 'poe: A chat needs a terminal\n     In pipes and scripts use: poe send "…"\n',
  });
});

test('a reply is rendered, each of its lines once, below what was there', async () => {
  for (const [cols, rows] of [
    [80, 24],
    [40, 24],
    [200, 50],
  ] as const) {
    const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Markdown', {
      cols,
      rows,
      env: {CI_SOMETHING: '1'},
      when: [
        [ready, ({type}) => type('hello\r')],
        [/Pour, wait, and do not hurry\.\n\n> *\n/, ({type}) => type(ctrlD)],
      ],
    });
    expect(lines.slice(0, 2)).toEqual(['before', '> hello']);
    expect(lines.at(-1)).toBe('exit 0');
    const once = [
      'A short guide to tea',
      '    """Wait as long as this kind of tea wants."""',
      'import time',
      'sleep 240 && printf \'\\a%s\\n\' "Tea is ready"',
      'Pour, wait, and do not hurry.',
    ];
    for (const line of once) expect(lines.filter((shown) => shown === line)).toEqual([line]);
    expect(lines.join('\n')).not.toContain('a message');
    expectRestored(bytes);
  }
});

test('a terminal that is made narrower, lower and wide again shows each line once', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Markdown', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [/A short guide to tea/, ({resize}) => resize(50, 12)],
      [/import time/, ({resize}) => resize(90, 30)],
      [/Pour, wait, and do not hurry\.\n[^]*last: /, ({type}) => type(ctrlD)],
    ],
  });
  for (const line of ['> hello', 'A short guide to tea', 'import time', 'Pour, wait, and do not hurry.'])
    expect(lines.filter((shown) => shown === line)).toEqual([line]);
  expect(lines.join('\n')).not.toContain('a message');
  expectRestored(bytes);
});

test('where the bot that was named does not exist, the message goes to no other, and is kept', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b nope', {
    when: [
      [/There is no bot "nope"[^]*nobody yet/, ({type}) => type('a secret\r')],
      [
        /There is no bot "nope"[^]*There is no bot "nope"[^]*> a secret\n/,
        ({type}) => type('\u0015/bot Sandbox-Echo\r'),
      ],
      [/Sandbox-Echo · new chat/, ({type}) => type(ctrlD)],
    ],
  });
  expect(operationsOf(sandbox).join(' ')).not.toMatch(/sendMessage/i);
  expect(lines.at(-1)).toBe('exit 0');
});

test('what is pasted is sent as it is, and shown without what could harm', async () => {
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

test('a resize takes nothing from above the prompt', async () => {
  const {lines} = await onTerminal('echo one; echo two; node bin/poe.js chat -q', {
    when: [
      [/points left/, ({type}) => type('a draft')],
      [/> a draft/, ({resize}) => resize(30, 20)],
      [/> a draft *\n[^\n]{1,29}…/, ({resize}) => resize(100, 30)],
      [/> a draft *\n.*points left/, ({type}) => type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(lines.slice(0, 3)).toEqual(['before', 'one', 'two']);
  expect(lines.at(-1)).toBe('exit 0');
});

test('a reply that rewrites itself ends right', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Rewrite', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.join('\n')).not.toContain('Searching');
});

test('Esc stops the bot on Poe and keeps what came', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [/> hello\n\n\w+ \w+/, ({type}) => type('\u001b')],
      [/\(stopped\)/, ({type}) => type(ctrlD)],
    ],
  });
  expect(operationsOf(sandbox).join(' ')).toMatch(/cancelViewerActiveJobs/i);
  expect(lines).toContain('(stopped)');
  expect(lines.at(-1)).toBe('exit 0');
});

test('Ctrl+C clears the line and keeps it under Up; twice it leaves', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q', {
    when: [
      [ready, ({type}) => type('not this')],
      [/> not this/, ({type}) => type(ctrlC)],
      [/Ctrl\+C again leaves\n> *\n/, ({type}) => type('\u001b[A')],
      [/> not this/, ({type}) => type(ctrlC)],
      [/Ctrl\+C again leaves\n> *\n/, ({type}) => type(ctrlC)],
    ],
  });
  expect(lines).toEqual(['before', 'exit 0']);
  expectRestored(bytes);
});

test('SIGTERM and SIGHUP end the chat and leave the terminal as it was', async () => {
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
    const pidFile = join(temporaryFolder(), 'pid');
    const {lines, bytes} = await onTerminal(`sh -c 'echo $$ > ${pidFile}; exec node bin/poe.js chat -q'; stty -a`, {
      cols: 200,
      when: [[ready, () => process.kill(Number(readFileSync(pidFile, 'utf8')), signal)]],
    });
    expect(lines[1]).toMatch(/^speed/);
    expect(lines.join('\n')).toMatch(/ icanon /);
    expect(lines.join('\n')).not.toContain('new chat');
    expectRestored(bytes);
  }
});

test('what is pasted is data: it is shown short, not sent by its line ends, and arrives whole', async () => {
  const pasted = Array.from({length: 10_000}, (_, index) => `line ${index}`).join('\r');
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [ready, ({type}) => type(`\u001b[200~${pasted}\u001b[201~`)],
      [/\[pasted 10,000 lines\]/, ({type}) => type(' count to 3\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  const sent = sandbox.requests.find(({body}) => JSON.stringify(body ?? '').includes('line 9999'));
  expect(sent).toBeDefined();
  expect(lines.at(-1)).toBe('exit 0');
});

test('subcommands run as /name on the chat one is in, and what was typed is kept for its owner', async () => {
  const {lines, configDir} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [ready, ({type}) => type('count to 3\r')],
      [answered, ({type}) => type('/title Small numbers\r')],
      [/Renamed to Small numbers[^]*> *\n/, ({type}) => type('/nothing\r')],
      [/There is no command \/nothing/, ({type}) => type('/exit\r')],
    ],
  });
  expect(lines).toEqual([
    'before',
    '> count to 3',
    '',
    '1 2 3',
    '',
    '/title Small numbers',
    'Renamed to Small numbers',
    '',
    'exit 0',
  ]);
  const kept = join(configDir, 'history.jsonl');
  expect(readFileSync(kept, 'utf8')).toBe('"count to 3"\n"/title Small numbers"\n"/nothing"\n"/exit"\n');
  expect(statSync(kept).mode & 0o777).toBe(0o600);
});

test('/copy gives the source, byte for byte, to the clipboard of the terminal', async () => {
  const {bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [ready, ({type}) => type('**a** `b`\r')],
      [answered, ({type}) => type('/copy\r')],
      [/Copied/, ({type}) => type(ctrlD)],
    ],
  });
  expect(bytes).toContain(`\u001b]52;c;${Buffer.from('**a** `b`').toString('base64')}\u0007`);
});

test('an error is told in the chat, with what to do, and a message that Poe refused stays to be sent again', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Broke', {
    cols: 200,
    when: [
      [ready, ({type}) => type('hello\r')],
      // Since 2026 Poe takes the message, and it is the bot that says that the points do not suffice.
      ...bySite<When>({
        '2025-03': [
          [/[^]*\n> hello *\nSandbox-Broke/, ({type}) => type(ctrlC)],
          [/Ctrl\+C again leaves/, ({type}) => type(ctrlD)],
        ],
        '2026-08': [[/points do not suffice[^]*\n> *\nSandbox-Broke/, ({type}) => type(ctrlD)]],
      }),
    ],
  });
  expect(lines.join('\n')).toMatch(/points/);
  expect(lines.at(-1)).toBe('exit 0');
});

test('control sequences of a bot do not reach the terminal', async () => {
  const {bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Nasty', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(bytes).not.toMatch(/\u001b\]|\u0008|\u009b|\u202e/);
});

test('for a screen reader the reply comes whole and nothing moves; without colours there are none', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q --screen-reader -b Sandbox-Count', {
    env: {NO_COLOR: '1'},
    when: [
      [/^>$/m, ({type}) => type('count to 3\r')],
      [/1 2 3\n\n>$/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toEqual(['before', '> count to 3', '', '1 2 3', '', 'exit 0']);
  expect(bytes.split('1 2')).toHaveLength(2);
  expect(bytes).not.toMatch(/\u001b\[[\d;]*m/);
});

test('typing goes on while a reply comes in: Enter queues, Esc takes the message back', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [/> hello\n\n\w+ \w+/, ({type}) => type('and more\r')],
      [/queued: and more/, ({type}) => type('\u001b')],
      [/\n> and more\n/, ({type}) => type('\u001b')],
      [/\(stopped\)/, ({type}) => type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(lines.filter((line) => line.startsWith('> '))).toEqual(['> hello']);
  expect(lines.at(-1)).toBe('exit 0');
});

test('Ctrl+G opens $EDITOR on the draft, and what was written there is the draft', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    env: {EDITOR: 'sed -i s/tea/coffee/'},
    when: [
      [ready, ({type}) => type('tea\u0007')],
      [/> coffee/, ({type}) => type('\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines).toEqual(['before', '> coffee', '', 'coffee', '', 'exit 0']);
  expectRestored(bytes);
});

test('Tab completes commands, and the bots that were seen', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type('/bot-\t')],
      [/> \/bot-info *\n/, ({type}) => type('sandb\t')],
      [/> \/bot-info Sandbox-Count/, ({type}) => type('\r')],
      [/Counts: "count to 7"/, ({type}) => type('/exit\r')],
    ],
  });
  expect(lines.at(-1)).toBe('exit 0');
});

test('-c goes on with a chat and shows its last messages; @path sends a file along', async () => {
  const {lines} = await onTerminal(
    'echo tea > tea.txt; node bin/poe.js -q -b Sandbox-Count "count to 3" > /dev/null; node bin/poe.js chat -q -c last; rm tea.txt',
    {
      when: [
        [/Sandbox-Count · (?!new chat)/, ({type}) => type('/bot Sandbox-Files\r')],
        [/\nSandbox-Files · /, ({type}) => type('what is @tea.txt\r')],
        [answered, ({type}) => type(ctrlD)],
      ],
    },
  );
  expect(lines).toContain('1 2 3');
  expect(lines.join('\n')).toMatch(/> what is @tea\.txt\n\n[^]*tea\.txt/);
  expect(lines.at(-1)).toBe('exit 0');
});
