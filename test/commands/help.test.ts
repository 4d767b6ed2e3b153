import {Writable} from 'node:stream';
import {expect, test} from 'vitest';
import {main} from '../../src/cli/main.js';
import {runMain} from '../support/harness.js';

/** Prints a help page on a terminal of this width. */
async function helpAt(columns: number, ...words: string[]): Promise<string> {
  let text = '';
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const stderr = new Writable({write: (_chunk, _encoding, done) => done()});
  const io = {stdin: process.stdin, stdout: Object.assign(stdout, {columns}), stderr, env: {}};
  expect(await main(['help', ...words], io, new AbortController().signal)).toBe(0);
  return text;
}

/** All commands as words: `['history', 'show']`. */
async function allCommands(): Promise<string[][]> {
  const page = await helpAt(80, 'all');
  return [...page.matchAll(/^ {2}([a-z-]+(?: [a-z-]+)?) {2,}[A-Z]/gm)].map(([, name = '']) => name.split(' '));
}

test('poe -h shows the most used commands, options and examples on one screen', async () => {
  const {code, out, err} = await runMain(['-h'], {});
  expect({code, err}).toEqual({code: 0, err: ''});
  expect(out).toBe(`Usage: poe [message...] | poe <command> [options]

Chat with the AI bots of Poe.com from the command line.

Messages:
  send     Send a message and print the reply
  chat     Chat with a bot in the terminal
  retry    Regenerate the last reply
Chats and bots:
  history  List, search, export and import chats
  explore  Find bots and users
Account:
  login    Log in with an API key or a browser session
Options:
  -b, --bot <bot>    Bot handle (default: the chat's or account's bot)
  -c, --chat <chat>  Chat to continue: ID, code, URL, or "last"
  -f, --file <file>  Attach a file, https URL or stdin (-); repeatable
Examples:
  poe "2x2?"            # Ask your default bot
  git diff | poe -b gemini-2.0-flash "Review this"
  poe --sandbox "2x2?"  # Try it without an account

More help: poe help <command>, poe help all (every command), poe help options
`);
});

test('the help of every command fits on a screen of 24 rows and 80 columns', async () => {
  const commands = await allCommands();
  expect(commands.length).toBeGreaterThan(35);
  for (const words of [[], ...commands]) {
    const lines = (await helpAt(80, ...words)).trimEnd().split('\n');
    // The prompt needs the last row.
    expect({words, rows: lines.length, fits: lines.length <= 23}).toMatchObject({words, fits: true});
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  }
});

test.each([40, 80, 120])('help is wrapped once, between words, on a terminal of %i columns', async (columns) => {
  for (const words of [[], ['all'], ['options'], ...(await allCommands())]) {
    const page = await helpAt(columns, ...words);
    const [text = ''] = page.split(/^Examples:$/m);
    const lines = text.split('\n').filter((line) => !/^(?:Usage:| {7}poe) /.test(line));
    for (const [index, line] of lines.entries()) {
      // A longer line is a single word, such as a URL.
      if (line.length > columns) expect(line.trim()).not.toContain(' ');
      // The next word would not have fitted.
      const [, indent, next] = /^( *)(\S+)/.exec(lines[index + 1] ?? '') ?? [];
      const isContinued = next !== undefined && indent === /^ */.exec(line)?.[0] && /^[a-z(]/.test(next);
      if (isContinued && !line.endsWith(':') && !/^ {2}\S.* {2}/.test(line))
        expect(line.length + 1 + next.length).toBeGreaterThan(Math.min(columns, 80));
    }
  }
});

test('every command has a summary, a description, and a description of each option and its choices', async () => {
  for (const words of await allCommands()) {
    const page = await helpAt(80, ...words);
    expect({words, page}).toEqual({words, page: expect.stringMatching(/^Usage: poe .*\n(?: {7}poe .*\n)?\n[A-Z]/)});
    expect(page).toContain('Global options such as --json and --profile: poe help options\n');
    expect(page).not.toContain('such as :');
    expect(page).not.toMatch(/undefined|\(choices:|--fromkey|--bot-handle/);
  }
});

test('poe help <command> prints the same page as --help, for nested commands too', async () => {
  for (const words of [['send'], ['history', 'show'], ['settings', 'default-bot']]) {
    const page = await helpAt(80, ...words);
    expect(page).toContain(`Usage: poe ${words.join(' ')} `);
    expect(await runMain([...words, '--help'], {})).toEqual({code: 0, out: page, err: ''});
  }
});

test('poe help options lists global options and environment variables', async () => {
  const page = await helpAt(80, 'options');
  for (const name of ['--json', '--profile <name>', '--via <backend>', '--version', 'POE_API_KEY', 'HTTPS_PROXY'])
    expect(page).toContain(name);
});

test('poe help suggests a similar command for a mistyped one', async () => {
  expect(await runMain(['help', 'snd'], {})).toEqual({
    code: 2,
    out: '',
    err: 'poe: No help for "snd". Did you mean send?\n     List all commands with: poe help all\n',
  });
  expect((await runMain(['help', 'history', 'shwo'], {})).err).toContain('"history shwo". Did you mean show?');
  expect((await runMain(['help', 'nonsense'], {})).err).toContain('No help for "nonsense"\n');
});
