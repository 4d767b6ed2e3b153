import {readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import process from 'node:process';
import {expect, test} from 'vitest';
import {operationsOf, temporaryFolder, withSandbox} from '../support/harness.js';
import {onTerminal, type When} from '../support/terminal/pseudo-terminal.js';

/** Sequences that must never be written: clearing the screen or the scrollback, the alternate screen. */
const forbidden = /\u001b\[[23]J|\u001b\[\?1049h|\u001bc/;
const ctrlC = '\u0003';
const ctrlD = '\u0004';

/** Checks that paste mode and wrapping are reset and the cursor is visible. */
function expectRestored(bytes: string): void {
  expect(bytes).toContain('\u001b[?2004h');
  expect(bytes.lastIndexOf('\u001b[?2004l')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?2004h'));
  expect(bytes.lastIndexOf('\u001b[?25h')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?25l'));
  expect(bytes.lastIndexOf('\u001b[?7h')).toBeGreaterThan(bytes.lastIndexOf('\u001b[?7l'));
  expect(bytes).not.toMatch(forbidden);
}

/** The prompt is shown and no reply is in progress. */
const ready = /\w · new chat/;
const answered = /last: /;

test('poe without arguments opens a chat on a terminal; Ctrl+D leaves it and removes the prompt', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js', {when: [[ready, ({type}) => type(ctrlD)]]});
  expect(lines).toEqual(['before', expect.stringMatching(/^Using \S+ instead of poe\.com/), 'exit 0']);
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
        [ready, ({type}) => type('hello\r')],
        [/Save with \/save [^\n]*\n\n> *\n/, ({type}) => type(ctrlD)],
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

test('resizing the terminal during a reply keeps each line once and all earlier output', async () => {
  const steps = [
    ['A short guide to tea', [40, 24]],
    ['Wait as long as', [200, 50]],
    ['import time', [50, 13]],
    ['sleep 240', [90, 30]],
  ] as const;
  const {lines, bytes} = await onTerminal('seq 1 30; node bin/poe.js chat -q -b Sandbox-Markdown', {
    when: [
      [ready, ({type}) => type('hello\r')],
      ...steps.map(([text, [cols, rows]]): When[number] => [new RegExp(text), ({resize}) => resize(cols, rows)]),
      [/Pour, wait, and do not hurry\.\n[^]*last: /, ({resize}) => resize(40, 24)],
      [/\nSandbox-Markdown · .*\n.*last: .* left$/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.slice(0, 32)).toEqual([
    'before',
    ...Array.from({length: 30}, (_, index) => String(index + 1)),
    '> hello',
  ]);
  const alone = await onTerminal('node bin/poe.js -q -b Sandbox-Markdown hello');
  const words = (text: readonly string[]) => text.join('\n').match(/[A-Za-z]{4,}/g) ?? [];
  // A table is as wide as the terminal was when it arrived.
  const once = (text: readonly string[]) =>
    words(text.filter((line) => !/^(?:Kind|Water \(|Minutes|Second|Black|Oolong|Green|White|---)/.test(line)));
  const end = lines.findIndex((line) => line.startsWith('Pour, wait'));
  expect(once(lines.slice(32, end + 1))).toEqual(once(alone.lines.slice(1, -1)));
  expectRestored(bytes);
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

test('a resize in any direction keeps the text above the prompt, and one prompt', async () => {
  const sizes = [
    [40, 24],
    [33, 15],
    [80, 24],
    [200, 50],
    [40, 24],
    [120, 12],
    [31, 40],
    [80, 24],
  ] as const;
  const {lines} = await onTerminal('seq 1 30; node bin/poe.js chat -q', {
    when: [
      [/points left/, ({type}) => type('a draft')],
      [/> a draft/, ({resize}) => resize(79, 24)],
      ...sizes.map(([cols, rows], index): When[number] => {
        const [before = 79] = sizes[index - 1] ?? [];
        return [frameOf('a draft', before), ({resize}) => resize(cols, rows)];
      }),
      [frameOf('a draft', 80), ({type}) => type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(lines).toEqual(['before', ...Array.from({length: 30}, (_, index) => String(index + 1)), 'exit 0']);
});

test('a terminal with more than a thousand columns shows the rows of the prompt below each other', async () => {
  const {lines} = await onTerminal('seq 1 30; node bin/poe.js chat -q', {
    cols: 1100,
    when: [
      [/points left/, ({type}) => type('a draft')],
      [frameOf('a draft', 1100), ({resize}) => resize(2300, 24)],
      [frameOf('a draft', 2300), ({type}) => type('\u001b\rof two lines')],
      [frameOf('a draft\\n {2}of two lines', 2300), ({type}) => type(`${ctrlC}${ctrlC}`)],
    ],
  });
  expect(lines).toEqual(['before', ...Array.from({length: 30}, (_, index) => String(index + 1)), 'exit 0']);
});

/** The prompt below earlier output, and the status bar as it is on a terminal of that width. */
function frameOf(draft: string, columns: number): RegExp {
  const rows = [
    'Assistant · new chat · 1,827 points left',
    'Assistant · new chat · 1,827 left',
    'Assistant · new chat\\n1,827 left',
  ];
  const status = rows.find((row) => row.length < columns) ?? rows.at(-1);
  return new RegExp(`30\\n> ${draft}\\n${status}$`);
}

test('a reply that the bot rewrites ends with the final text', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Rewrite', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.join('\n')).not.toContain('Searching');
});

test('Esc stops the reply on Poe and keeps the text so far', async () => {
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
      when: [[ready, (terminal) => leave(Number(readFileSync(pidFile, 'utf8')), terminal)]],
    });
    const shown = lines.join('\n');
    if (name === 'SIGUSR2') expect(shown).toContain('poe: Internal error: crashed');
    else expect(lines[1]).toMatch(/^speed/);
    expect(shown).toMatch(/ icanon .* echo /s);
    expect(shown).not.toContain('new chat');
    expectRestored(bytes);
  }
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

test('subcommands run as /name on the current chat, and the input history is readable only by its owner', async () => {
  const {lines, configDir} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    when: [
      [ready, ({type}) => type('count to 3\r')],
      [answered, ({type}) => type('/title Small numbers\r')],
      [/Renamed to Small numbers[^]*> *\n/, ({type}) => type('/nothing\r')],
      [/Unknown command \/nothing/, ({type}) => type('/exit\r')],
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

test('/copy copies the exact source to the clipboard', async () => {
  const {bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    when: [
      [ready, ({type}) => type('**a** `b`\r')],
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
      [ready, ({type}) => type('hello\r')],
      [/Not enough points[^]*\n> *\nSandbox-Broke/, ({type}) => type(ctrlD)],
    ],
  });
  expect(lines.join('\n')).toMatch(/points/);
  expect(lines.at(-1)).toBe('exit 0');
});

test('control sequences of a bot do not reach the terminal', async () => {
  const {bytes} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Hostile', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [answered, ({type}) => type(ctrlD)],
    ],
  });
  expect(bytes).not.toMatch(/\u001b\]|\u0008|\u009b|\u202e/);
});

test('a screen reader gets the complete reply once and no animation; NO_COLOR turns off color', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q --screen-reader -b Sandbox-Count', {
    env: {NO_COLOR: '1'},
    when: [
      [/^>$/m, ({type}) => type('count to 3\r')],
      [/1 2 3\n\n.*points left\n>$/, ({type}) => type(ctrlD)],
    ],
  });
  const costs = 'last: 2 points · 1,825 points left';
  expect(lines).toEqual(['before', '> count to 3', '', '1 2 3', '', costs, 'exit 0']);
  expect(bytes.split('1 2')).toHaveLength(2);
  expect(bytes).not.toMatch(/\u001b\[[\d;]*m/);
});

test('a screen reader gets the connection state and suggested replies once, and each typed key', async () => {
  const {lines, bytes} = await onTerminal('node bin/poe.js chat -q --screen-reader -b Assistant', {
    when: [
      [
        /^>$/m,
        ({type, sandbox}) => {
          sandbox.faults.dropSocketAfter(3);
          type('a quite long question, that takes some words to be answered, count them all');
        },
      ],
      [/> a quite [^\n]* count them all$/, ({type}) => type('\r')],
      // The cost may come before or after the suggested replies.
      [
        /points left\n[^]*Alt\+3 {2}Make it shorter\.\n>$|Alt\+3 {2}Make it shorter\.\n[^]*points left\n>$/,
        ({type}) => type('\u001B1'),
      ],
      [/> Tell me more\.$/, ({type}) => type(ctrlC)],
      [/\nPress Ctrl\+C again to exit\n>$/, ({type}) => type(ctrlC)],
    ],
  });
  const once = [
    'Connection lost, reconnecting…',
    'Reconnected',
    'Alt+1  Tell me more.',
    'Alt+2  Give me an example.',
    'Alt+3  Make it shorter.',
    'Press Ctrl+C again to exit',
  ];
  expect(lines.filter((line) => once.includes(line)).toSorted()).toEqual(once.toSorted());
  for (const text of once) expect(bytes.split(text)).toHaveLength(2);
  expect(bytes).not.toMatch(/new chat/);
});

test('during a reply, Enter queues a message and Esc takes it back', async () => {
  const {lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Slow', {
    when: [
      [ready, ({type}) => type('hello\r')],
      [/> hello\n\n\w+ \w+/, ({type}) => type('and more\r')],
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
  expect(lines).toEqual(['before', '> coffee', '', 'coffee', '', 'exit 0']);
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

test('-c continues a chat and shows its last messages; @path attaches a file', async () => {
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

test('/copy code copies the last code block exactly; /share, /clear-context, /new and /help work', async () => {
  const {bytes, lines} = await onTerminal('node bin/poe.js chat -q -b Sandbox-Echo', {
    cols: 200,
    rows: 50,
    when: [
      [ready, ({type}) => type('\u001B[200~a\n```sh\nfirst\n```\n```\n\techo "hi"  \n```\u001B[201~\r')],
      [answered, ({type}) => type('/copy code\r')],
      [/Sent to the terminal/, ({type}) => type('/share\r')],
      [/\/share\nhttps?:\S+[^]*> *\n/, ({type}) => type('/clear-context\r')],
      [/\/clear-context\n\S.*\n[^]*> *\n/, ({type}) => type('/new\r')],
      [/\nSandbox-Echo · new chat/, ({type}) => type('/copy\r')],
      [/No reply yet/, ({type}) => type('/help\r')],
      [/\/export +Export the chat as Markdown[^]*Ctrl\+D exits\n[^]*> *\n/, ({type}) => type('/nothing\r')],
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
      [ready, ({type}) => type('/help\r')],
      [/Ctrl\+D exits\n[^]*> *\n/, ({type}) => type(ctrlD)],
    ],
  });
  const help = lines.slice(1, -1);
  expect(help.slice(0, 4)).toEqual([
    '/new                   Start a new chat',
    '/bot                   Switch to another bot: /bot',
    '                       <handle> (also /model)',
    '/chat                  Continue another chat:',
  ]);
  for (const line of help) expect(line.length).toBeLessThanOrEqual(50);
});

test('/retry regenerates the last reply, and /export writes the whole chat', async () => {
  const path = join(temporaryFolder(), 'chat.md');
  await onTerminal('node bin/poe.js chat -q -b Sandbox-Count', {
    cols: 200,
    when: [
      [ready, ({type}) => type('count to 3\r')],
      [/1 2 3\n[^]*last: /, ({type}) => type('/retry\r')],
      [/1 2 3\n[^]*1 2 3\n[^]*> *\n(?!.*Esc to stop)/, ({type}) => type(`/export ${path}\r`)],
      [/Exported to /, ({type}) => type(ctrlD)],
    ],
  });
  expect(readFileSync(path, 'utf8')).toMatch(/count to 3[^]*1 2 3/);
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
        [/\(search: tea\) brew black tea/, ({type}) => type('\u0012\u0012')],
        [/\(search: tea\) brew green tea/, ({type}) => type('\u001B')],
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
        [/\(search: green\) brew green tea/, ({type}) => type(`\u0003\u0012${paste(folder)}`)],
        [/\(search: [^)]+\) read \//, ({type}) => type(`\u0003\u0012${paste(long)}`)],
        [/\(search: [^)]+…\) long long/, ({type}) => type('\u0005!\r')],
        [answered, ({type}) => type(ctrlD)],
      ],
    },
  );
  const sent = sandbox.requests.find(({queryName}) => /^sendMessage/i.test(queryName ?? ''));
  expect(sent?.variables).toMatchObject({query: `${long}!`});
  expect(lines.join('\n')).not.toContain('search');
});
