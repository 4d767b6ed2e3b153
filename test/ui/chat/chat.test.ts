import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {operationsOf, temporaryFolder, withSandbox} from '../../support/harness.js';
import {onTerminal, readyChat} from '../../support/terminal/pseudo-terminal.js';
import {expectRestored} from '../../support/terminal/restored.js';

const ctrlC = '\u0003';
const ctrlD = '\u0004';
/** The prompt is shown and no reply is in progress. */
const answered = /last: /;

test('poe without arguments opens a chat on a terminal; Ctrl+D leaves it and removes the prompt', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js', {when: [[readyChat, ({type}) => type(ctrlD)]]});
  expect(lines).toEqual([
    'before',
    expect.stringMatching(/^Using \S+ instead of poe\.com/),
    // The price arrives later, if the chat stays open for long enough.
    expect.stringMatching(/^poe · browser session · Assistant(?: · 15 points per message)?$/),
    '/ for commands · @ for files · /bot to switch',
    '',
    'exit 0',
  ]);
  expectRestored(bytes);
});

test('without a terminal, chat suggests poe send', async () => {
  const {run} = await withSandbox();
  expect(await run('chat')).toEqual({
    code: 2,
    out: '',
    err: 'poe: A chat requires a terminal\n     In pipes and scripts use: poe send "…"\n',
  });
});

test('a reply is rendered below earlier output, each line once', async () => {
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
        [readyChat, ({type}) => type('hello\r')],
        [/Save with \/save [^]*\n> *\n/, ({type}) => type(ctrlD)],
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
    expect(lines.join('\n')).not.toContain('per message');
    expectRestored(bytes);
  }
});

test('if the named bot does not exist, the message goes to no other bot and stays in the prompt', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b nope', {
    when: [
      [/No bot named "nope"[^]*no bot/, ({type}) => type('a secret\r')],
      [/No bot named "nope"[^]*No bot named "nope"[^]*> a secret\n/, ({type}) => type('\u0015/bot Sandbox-Echo\r')],
      [/Sandbox-Echo · new chat/, ({type}) => type(ctrlD)],
    ],
  });
  expect(operationsOf(sandbox).join(' ')).not.toMatch(/sendMessage/i);
  expect(lines.at(-1)).toBe('exit 0');
});

test('a reply that the bot rewrites ends with the final text', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Rewrite', {
    when: [
      [readyChat, ({type}) => type('hello\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.join('\n')).not.toContain('Searching');
});

test('Esc stops the reply on Poe and keeps the text so far', async () => {
  const {lines, sandbox} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    heldAfter: 4,
    when: [
      [readyChat, ({type}) => type('hello\r')],
      [/> hello\n\n\S+\n\w+ \w+/, ({type}) => type('\u001b')],
      [/\(stopped\)/, ({type}) => type(ctrlD)],
    ],
  });
  expect(operationsOf(sandbox).join(' ')).toMatch(/cancelViewerActiveJobs/i);
  expect(lines).toContain('(stopped)');
  expect(lines.at(-1)).toBe('exit 0');
});

test('the terminal is restored after a signal, a crash, /exit, Ctrl+D and Ctrl+C twice', async () => {
  const crash = `--import data:text/javascript,process.on('SIGUSR2',()=>{throw(new(Error)('crashed'))})`;
  const ways: [name: string, leave: (pid: number, terminal: {type(text: string): void}) => void][] = [
    ...(['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGUSR2'] as const).map((signal): (typeof ways)[number] => [
      signal,
      (pid) => process.kill(pid, signal),
    ]),
    ['/exit', (_pid, {type}) => type('/exit\r')],
    ['Ctrl+D', (_pid, {type}) => type(`\u0015${ctrlD}`)],
    ['Ctrl+C twice', (_pid, {type}) => type(`${ctrlC}${ctrlC}`)],
  ];
  for (const [name, leave] of ways) {
    const pidFile = join(temporaryFolder(), 'pid');
    const {lines, bytes} = await onTerminal(`sh -c 'echo $$ > ${pidFile}; exec node bin/poe.js chat -q'; stty -a`, {
      cols: 200,
      env: {NODE_OPTIONS: crash},
      when: [[readyChat, (terminal) => leave(Number(readFileSync(pidFile, 'utf8')), terminal)]],
    });
    const shown = lines.join('\n');
    if (name === 'SIGUSR2') expect(shown).toContain('poe: Internal error: crashed');
    else expect(lines[1]).toMatch(/^speed/);
    expect(shown).toMatch(/ icanon .* echo /s);
    expect(shown).not.toContain('new chat');
    expectRestored(bytes);
  }
});

test('subcommands run as /name on the current chat, and the input history is readable only by its owner', async () => {
  const {lines, configDir} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [readyChat, ({type}) => type('count to 3\r')],
      [answered, ({type}) => type('/title Small numbers\r')],
      [/Renamed to Small numbers[^]*> *\n/, ({type}) => type('/nothing\r')],
      [/Unknown command \/nothing/, ({type}) => type('/exit\r')],
    ],
  });
  expect(lines).toEqual([
    'before',
    '> count to 3',
    '',
    'Sandbox-Count',
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

test('/copy copies the exact source to the clipboard', async () => {
  const {bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [readyChat, ({type}) => type('**a** `b`\r')],
      [answered, ({type}) => type('/copy\r')],
      [/Sent to the terminal/, ({type}) => type(ctrlD)],
    ],
  });
  expect(bytes).toContain(`\u001b]52;c;${Buffer.from('**a** `b`').toString('base64')}\u0007`);
});

test('an error shows the next step, and a message that Poe refused stays in the prompt', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Broke', {
    cols: 200,
    when: [
      [readyChat, ({type}) => type('hello\r')],
      [/Not enough points[^]*\n> *\nSandbox-Broke/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.join('\n')).toMatch(/points/);
  expect(lines.at(-1)).toBe('exit 0');
});

test('control sequences of a bot do not reach the terminal', async () => {
  const {bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Hostile', {
    when: [
      [readyChat, ({type}) => type('hello\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(bytes).not.toMatch(/\u001b\]|\u0008|\u009b|\u202e/);
});

test('-c continues a chat and shows its last exchange; @path attaches a file', async () => {
  const path = join(temporaryFolder(), 'tea.txt');
  writeFileSync(path, 'tea');
  const {lines} = await onTerminal(
    'node bin/poe.js -q -b Sandbox-Count "count to 3" > /dev/null; node bin/poe.js chat -q -c last',
    {
      when: [
        [/Sandbox-Count · (?!new chat)/, ({type}) => type('/bot Sandbox-Files\r')],
        [/\nSandbox-Files · /, ({type}) => type(`what is @${path}\r`)],
        [answered, ({type}) => type(ctrlD)],
      ],
    },
  );
  expect(lines).toContain('1 2 3');
  expect(lines.join('\n')).toMatch(/> what is @\S+tea\.txt\n\[tea\.txt 3 B\]\n\n[^]*tea\.txt, /);
  expect(lines.at(-1)).toBe('exit 0');
});

test('/copy code copies the last code block exactly; /share, /clear-context, /new and /help work', async () => {
  const {bytes, lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 200,
    rows: 50,
    when: [
      [readyChat, ({type}) => type('\u001B[200~a\n```sh\nfirst\n```\n```\n\techo "hi"  \n```\u001B[201~\r')],
      [answered, ({type}) => type('/copy code\r')],
      // The title has arrived when the status bar shows no new chat.
      [/Sent to the terminal[^]*\nSandbox-Echo · (?!new chat)/, ({type}) => type('/share\r')],
      [/\/share\nhttps?:\S+[^]*> *\n/, ({type}) => type('/clear-context\r')],
      [/\/clear-context\n\S.*\n[^]*> *\n/, ({type}) => type('/new\r')],
      [/\nSandbox-Echo · new chat/, ({type}) => type('/copy\r')],
      [/No reply yet/, ({type}) => type('/help\r')],
      [/In the chat [^\n]*\/export[^]*leave\s+the\s+chat\n[^]*> *\n/, ({type}) => type('/nothing\r')],
      [/Unknown command \/nothing/, ({type}) => type(ctrlD)],
    ],
  });
  expect(bytes).toContain(`\u001B]52;c;${Buffer.from('\techo "hi"  ').toString('base64')}\u0007`);
  expect(lines.at(-1)).toBe('exit 0');
});

test('/help wraps at words', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 50,
    rows: 80,
    when: [
      [readyChat, ({type}) => type('/help\r')],
      [/leave\s+the\s+chat\n[^]*> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  const help = lines.slice(1, -1);
  expect(help.slice(0, 4)).toEqual([
    '/bot [handle]   Switch to another bot, by name or',
    '                from a list',
    '/new            Start a new chat',
    '/chat [chat]    Continue another chat, by code or',
  ]);
  for (const line of help) expect(line.length).toBeLessThanOrEqual(50);
});

test('/retry regenerates the last reply, and /export writes the whole chat', async () => {
  const path = join(temporaryFolder(), 'chat.md');
  await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    cols: 200,
    when: [
      [readyChat, ({type}) => type('count to 3\r')],
      [/1 2 3\n[^]*last: /, ({type}) => type('/retry\r')],
      [/1 2 3\n[^]*1 2 3\n[^]*(?<!Esc to stop)\n> *\n/, ({type}) => type(`/export ${path}\r`)],
      [/Exported to /, ({type}) => type(ctrlD)],
    ],
  });
  expect(readFileSync(path, 'utf8')).toMatch(/count to 3[^]*1 2 3/);
});
