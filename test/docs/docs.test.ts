import {readFileSync} from 'node:fs';
import {expect, test} from 'vitest';
import {docsFiles} from '../../scripts/generated-files.js';
import {program} from '../../src/cli/program.js';
import {examplesOf} from '../../src/commands/shared/options/examples.js';
import {Context} from '../../src/context/context.js';

const io = {stdin: process.stdin, stdout: process.stdout, stderr: process.stderr, env: {}};
const newContext = () => new Context(io, new AbortController().signal);

const files = await docsFiles();

test.each(Object.keys(files))('%s is up to date; otherwise run: npm run docs', (path) => {
  expect(readFileSync(path, 'utf8')).toBe(files[path]);
});

test('a command built alone has the same help as in the whole tree', async () => {
  const context = newContext();
  const {commands} = await program(context);
  for (const whole of commands.filter((command) => command.name() !== 'help')) {
    const {commands: alone} = await program(context, whole.name());
    expect(alone.map((command) => command.helpInformation())).toEqual([whole.helpInformation()]);
  }
});

test('npm installs the manual page', async () => {
  const {default: packageJson} = await import('../../package.json', {with: {type: 'json'}});
  expect(packageJson).toMatchObject({man: ['docs/poe.1'], files: expect.arrayContaining(['docs/poe.1'])});
});

test('the manual page contains only known roff requests and escapes', () => {
  const requests = '.\\" .TH .SH .SS .B .RI .br .I .TP .TQ .RS .RE .nf .fi .sp'.split(' ');
  for (const line of files['docs/poe.1']?.split('\n') ?? []) {
    if (/^[.']/.test(line)) expect(requests).toContain(line.replace(/ .*/, ''));
    expect(line.replaceAll(/\\(?:e|-|&|\(dq|fR)/g, '').replace(/^\.\\"/, '')).not.toContain('\\');
  }
});

test('every example in the help runs an existing command', async () => {
  const root = await program(newContext());
  const names = new Set(root.commands.map((command) => command.name()));
  for (const command of root.commands) {
    for (const [commandLine] of examplesOf(command).filter(([line]) => line.includes('poe '))) {
      const [, name = ''] = /\bpoe ([a-z-]+)/.exec(commandLine) ?? [];
      expect({commandLine, exists: names.has(name)}).toEqual({commandLine, exists: true});
    }
  }
});
