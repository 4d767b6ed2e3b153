import {execFile} from 'node:child_process';
import {copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import process from 'node:process';
import * as v from 'valibot';
import {expect, test} from 'vitest';

/* The linter holds the lines of docs/layout.md. Each test puts lines that cross one of them into files of their own. */

const uses = (...modules: string[]) => modules.map((module) => `import {a} from '${module}'; a();`);
const usesTypes = (...modules: string[]) =>
  modules.map((module) => `import type {A} from '${module}'; export const a: A = 1;`);

test('scripts run only in QuickJS, and that is loaded in one place', async () => {
  const says = 'House rule: scripts run only in QuickJS, in core/web/site/script-engine.ts.';
  const everywhere = [
    'cli',
    'core/a',
    'output/a',
    'ui/a',
    'commands/a',
    'commands/chat',
    'sandbox/a',
    'store',
    'store/a',
  ];
  const files = [...everywhere.map((name) => `src/${name}.ts`), 'test/a.test.ts'];
  const engines = uses('quickjs-emscripten-core', '@jitl/quickjs-singlefile-mjs-release-sync');
  await expectRefused([...files, 'src/core/web/site/script-engine.ts'], uses('node:vm', 'vm'), says);
  await expectRefused([...files, 'src/core/web/site/site.ts'], engines, says);
  await expectAllowed(['src/core/web/site/script-engine.ts'], engines);
  await expectRefused(['src/a.ts'], ["eval('1');"], 'eval can be harmful.');
  await expectRefused(['src/a.ts'], ["new Function('1')();"], 'Using `new Function`');
});

test('core knows of no terminal and no process', async () => {
  const says = 'House rule: core knows of no terminal and no process.';
  const terminals = uses(
    'commander',
    'ink',
    'react',
    'react/jsx-runtime',
    'chalk',
    'conf',
    'ora',
    'marked',
    '@inquirer/password',
  );
  const processes = [
    ...uses('node:process', 'process'),
    'process.exit();',
    'globalThis.process.exit();',
    'export const {log} = console;',
  ];
  await expectRefused(
    ['src/core/a.ts', 'src/core/web/a.ts', 'src/core/web/site/script-engine.ts'],
    [...terminals, ...processes],
    says,
  );
});

test('core imports only core', async () => {
  const says = 'House rule: core imports only core.';
  const others = [
    'commands/a.js',
    'output/a.js',
    'ui/a.js',
    'sandbox/a.js',
    'store.js',
    'store/a.js',
    'context.js',
    'cli.js',
    'io.js',
  ];
  const above = others.map((name) => `../${name}`);
  await expectRefused(['src/core/a.ts'], [...uses(...above), ...usesTypes(...above)], says);
  const twoAbove = others.map((name) => `../../${name}`);
  await expectRefused(['src/core/web/a.ts', 'src/core/web/site/script-engine.ts'], uses(...twoAbove), says);
  await expectRefused(['src/core/web/a.ts'], ["await import('../../../store.js');"], says);
  await expectAllowed(
    ['src/core/web/a.ts'],
    uses('../errors.js', './client.js', '../client.js', 'ky', 'valibot', 'node:crypto'),
  );
});

test("output imports nothing of the house but core's types", async () => {
  const files = ['src/output/a.ts'];
  const others = uses('../commands/a.js', '../ui/a.js', '../sandbox/a.js', '../store.js', '../context.js', '../cli.js');
  await expectRefused(files, others, "House rule: output imports only output and core's types.");
  await expectRefused(files, uses('../core/errors.js'), 'House rule: output takes only types from core.');
  await expectAllowed(files, [...usesTypes('../core/model.js'), ...uses('./b.js', 'chalk')]);
});

test("ui imports only output and core's types", async () => {
  const files = ['src/ui/a.tsx'];
  const others = uses('../commands/a.js', '../sandbox/a.js', '../store.js', '../context.js', '../cli.js');
  await expectRefused(files, others, "House rule: ui imports only output and core's types.");
  await expectRefused(files, uses('../core/errors.js'), 'House rule: ui takes only types from core.');
  await expectAllowed(files, [...usesTypes('../core/model.js'), ...uses('./b.js', '../output/b.js', 'ink')]);
});

test('commands get everything through the context, and only chat loads the REPL', async () => {
  const ofCore = 'House rule: commands take only types and errors from core; the rest comes through the context.';
  await expectRefused(
    ['src/commands/a.ts', 'src/commands/messages/chat.ts'],
    uses('../core/model.js', '../core/web/client.js'),
    ofCore,
  );

  const others = 'House rule: commands get sandbox, store and ui through the context; only chat loads ui.';
  const ui = [...uses('../ui/a.js'), "await import('../../ui/a.js');"];
  await expectRefused(['src/commands/a.ts'], [...uses('../sandbox/a.js', '../store.js', '../cli.js'), ...ui], others);
  await expectAllowed(['src/commands/messages/chat.ts'], ui);
  await expectRefused(['src/commands/messages/chat.ts'], uses('../sandbox/a.js', '../store.js'), others);

  const fine = [
    ...usesTypes('../core/web/client.js', '../context.js'),
    ...uses('../core/errors.js', '../output/a.js', '../stdin.js'),
  ];
  await expectAllowed(['src/commands/a.ts', 'src/commands/messages/chat.ts'], fine);
});

test("the sandbox shares only the operations and the model with poe's own side", async () => {
  const says = 'House rule: the sandbox imports only itself, core/web/protocol/operations and core/model.';
  await expectRefused(
    ['src/sandbox/a.ts'],
    uses('../core/errors.js', '../core/web/wire.js', '../context.js', '../output/a.js'),
    says,
  );
  await expectRefused(['src/sandbox/bots/a.ts'], uses('../../core/errors.js', '../../store.js'), says);
  await expectAllowed(
    ['src/sandbox/a.ts'],
    uses('../core/model.js', '../core/web/protocol/operations.js', './world.js', 'ws'),
  );
  await expectAllowed(['src/sandbox/bots/a.ts'], uses('../../core/model.js', '../world.js'));
});

test("the store imports nothing of the house but core's types and errors", async () => {
  const ofCore = 'House rule: the store takes only types and errors from core.';
  const others = "House rule: the store imports only itself and core's types and errors.";
  await expectRefused(['src/store/profiles.ts'], uses('./core/model.js'), ofCore);
  await expectRefused(['src/store/profiles.ts'], uses('./context.js', './output/a.js'), others);
  await expectRefused(['src/store/a.ts'], uses('../core/web/session.js'), ofCore);
  await expectRefused(['src/store/a.ts'], uses('../context.js', '../commands/a.js'), others);
  await expectAllowed(
    ['src/store/a.ts'],
    [...uses('../core/errors.js', './b.js', 'conf'), ...usesTypes('../core/model.js')],
  );
});

async function expectRefused(files: string[], lines: string[], says: string): Promise<void> {
  const verdicts = await lint(files, lines);
  expect(verdicts).toEqual(verdicts.map(({file, line}) => ({file, line, said: [expect.stringContaining(says)]})));
}

async function expectAllowed(files: string[], lines: string[]): Promise<void> {
  const verdicts = await lint(files, lines);
  expect(verdicts).toEqual(verdicts.map(({file, line}) => ({file, line, said: []})));
}

const Report = v.object({
  diagnostics: v.array(v.object({message: v.string(), help: v.optional(v.string(), ''), filename: v.string()})),
});

/** What the linter, with our own rules, says of each line in each file. Every pair gets a tree of its own. */
async function lint(files: string[], lines: string[]): Promise<{file: string; line: string; said: string[]}[]> {
  const root = mkdtempSync(join(tmpdir(), 'poe-house-'));
  try {
    const cases = files.flatMap((file) => lines.map((line) => ({file, line})));
    for (const [index, {file, line}] of cases.entries()) {
      const path = join(root, String(index), file);
      mkdirSync(dirname(path), {recursive: true});
      writeFileSync(path, `${line}\n`);
      copyFileSync('.oxlintrc.json', join(root, String(index), '.oxlintrc.json'));
    }
    const {diagnostics} = v.parse(Report, JSON.parse(await oxlint(root)));
    return cases.map(({file, line}, index) => ({
      file,
      line,
      said: diagnostics
        .filter(({filename}) => filename === join(String(index), file))
        .map(({message, help}) => `${message} ${help}`),
    }));
  } finally {
    rmSync(root, {recursive: true, force: true});
  }
}

/** Its report as JSON. It ends with an error when it has something to report. */
const oxlint = (cwd: string): Promise<string> =>
  new Promise((done) => {
    execFile(process.execPath, [resolve('node_modules/oxlint/bin/oxlint'), '--format=json'], {cwd}, (_error, stdout) =>
      done(stdout),
    );
  });
