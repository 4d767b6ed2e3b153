import {expect, test} from 'vitest';
import {runMain} from '../support/harness.js';

/* A command line that cannot be read ends with 2 and names the next step. */

test('a mistyped subcommand is taken for what it is', async () => {
  expect(await runMain(['history', 'shwo', 'last'], {})).toEqual({
    code: 2,
    out: '',
    err: 'poe: There is no command history shwo\n     Did you mean: poe history show?\n',
  });
});

test('what is missing, or too much, names the help of its command', async () => {
  for (const [argv, message, help] of [
    [['settings', 'default-bot'], "Missing required argument 'handle'", 'poe settings default-bot --help'],
    [['title', 'last'], "Missing required argument 'title'", 'poe title --help'],
    [['purge', 'everything'], 'Too many arguments', 'poe purge --help'],
    [['history', '-n', 'many'], 'Give a whole number', 'poe history --help'],
    [['--timeout', '0'], 'Give a number of seconds', 'poe --help'],
  ] as const) {
    const {code, out, err} = await runMain([...argv], {});
    expect({argv, code, out}).toEqual({argv, code: 2, out: ''});
    expect(err).toContain(message);
    expect(err).toContain(help);
  }
});

test('a value that is not among the choices names them', async () => {
  const {code, err} = await runMain(['history', 'export', 'last', '--format', 'pdf'], {});
  expect(code).toBe(2);
  expect(err).toContain('md, json, html');
});
