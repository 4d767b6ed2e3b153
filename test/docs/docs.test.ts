import {expect, test} from 'vitest';
import {Context} from '../../src/context/context.js';
import {manPage} from '../../scripts/manual/man.js';
import {markdownManual} from '../../scripts/manual/markdown.js';
import {manualOf} from '../../scripts/manual/pages.js';
import {surroundings} from '../../scripts/manual/environment.js';
import {program} from '../../src/cli/program.js';

/* The manuals are made from the tree of commands. To make them anew: npx vitest run test/docs/docs.test.ts -u */

const io = {stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: {}};
const manual = () => manualOf(program(new Context(io, new AbortController().signal)));

test('docs/commands.md tells of every command as the program does', async () => {
  await expect(markdownManual(manual())).toMatchFileSnapshot('../docs/commands.md');
});

test('the manual page poe(1) tells of every command as the program does', async () => {
  await expect(manPage(manual(), surroundings)).toMatchFileSnapshot('../docs/poe.1');
});

test('a command that is made alone is the one of that name, with all that it has in the whole tree', () => {
  const context = new Context(io, new AbortController().signal);
  for (const whole of program(context).commands) {
    const alone = program(context, whole.name()).commands;
    expect(alone.map((command) => command.helpInformation())).toEqual([whole.helpInformation()]);
  }
});

test('npm installs the manual page', async () => {
  const {default: packageJson} = await import('../../package.json', {with: {type: 'json'}});
  expect(packageJson).toMatchObject({man: ['docs/poe.1'], files: expect.arrayContaining(['docs/poe.1'])});
});

test('a line of the manual page is a request only where it is meant to be one', () => {
  const requests = new Set([
    '.\\"',
    '.TH',
    '.SH',
    '.SS',
    '.B',
    '.RI',
    '.br',
    '.I',
    '.TP',
    '.RS',
    '.RE',
    '.nf',
    '.fi',
    '.sp',
  ]);
  for (const line of manPage(manual(), surroundings).split('\n')) {
    if (/^[.']/.test(line))
      expect([...requests].some((request) => line === request || line.startsWith(`${request} `))).toBe(true);
    expect(line.replaceAll(/\\(?:e|-|&|\(dq|\(->|fR)/g, '').replace(/^\.\\"/, '')).not.toContain('\\');
  }
});

test('examples in the help are commands that the program takes', async () => {
  const names = new Set(manual().chapters.flatMap(({pages}) => pages.map(({name}) => name)));
  for (const {pages} of manual().chapters) {
    for (const {examples} of pages) {
      for (const {command} of examples) {
        if (!command.includes('poe ')) continue;
        const [, word = ''] = /\bpoe (?:--\S+ )*([a-z-]+)/.exec(command) ?? [];
        expect({command, known: names.has(`poe ${word}`)}).toEqual({command, known: true});
      }
    }
  }
});
