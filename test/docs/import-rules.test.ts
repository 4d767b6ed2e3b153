import {execFile} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import process from 'node:process';
import * as v from 'valibot';
import {expect, test} from 'vitest';

/* The linter checks the import rules in docs/architecture.md. Each test lints files that follow or break one of them. */

const scriptEngine = 'src/core/web/site/script-engine.ts';

test('node:vm is refused everywhere, and QuickJS outside the script engine', async () => {
  const vm = 'Scripts of the site run only in QuickJS: node:vm is not a sandbox.';
  const engine = 'Only src/core/web/site/script-engine.ts may load QuickJS.';
  const modules = ['node:vm', 'vm', 'quickjs-emscripten-core', '@jitl/quickjs-wasmfile-release-sync'];
  const files = ['src/core/web/site/page.ts', 'src/commands/a.ts', 'src/sandbox/a.ts', 'test/a.test.ts'];
  const messages = await lint(
    Object.fromEntries([...files, scriptEngine].map((file) => [file, modules.map(valueImport)])),
  );
  expect(messages).toEqual({
    ...Object.fromEntries(files.map((file) => [file, [vm, vm, engine, engine]])),
    [scriptEngine]: [vm, vm, undefined, undefined],
  });
});

test('eval and new Function are refused', async () => {
  expect(await lint({'src/a.ts': ["eval('1');", "new Function('1')();"]})).toEqual({
    'src/a.ts': [expect.stringContaining('eval can be harmful'), expect.stringContaining('new Function')],
  });
});

test('core uses no terminal, no settings file and no process', async () => {
  const modules = [
    'commander',
    'ink',
    'react/jsx-runtime',
    'chalk',
    'conf',
    'ora',
    'markdown-it',
    '@inquirer/password',
  ];
  const imports = [...modules, 'node:process', 'process'].map(valueImport);
  const lines = [...imports, 'process.exit();', 'globalThis.process.exit();', 'export const {log} = console;'];
  const expected = [
    ...imports.map(() => 'src/core must not use the terminal, the settings file or the process.'),
    expect.stringContaining('src/core must not use the process.'),
    expect.stringContaining('src/core must not use the process.'),
    expect.stringContaining('src/core must not write to the terminal.'),
  ];
  expect(await lint({'src/core/a.ts': lines, [scriptEngine]: lines})).toEqual({
    'src/core/a.ts': expected,
    [scriptEngine]: expected,
  });
});

/** What a file may import, and what it may not. `type ` before a path means `import type`. */
const rules: Record<string, {allowed: string[]; refused: string[]}> = {
  'src/core/reply.ts': {
    allowed: ['src/core/errors'],
    refused: ['src/core/http/retry', 'type src/core/web/chats', 'src/core/api/client', 'type src/store/profile'],
  },
  'src/core/http/retry.ts': {
    allowed: ['src/core/errors'],
    refused: ['src/core/files/receive/download', 'src/core/web/chats'],
  },
  'src/core/files/receive/download.ts': {
    allowed: ['src/core/errors', 'src/core/http/retry'],
    refused: ['type src/core/api/client', 'type src/core/web/session/http'],
  },
  'src/core/web/protocol/facts.ts': {
    allowed: ['src/core/http/json'],
    refused: ['src/core/web/site/page', 'type src/core/web/session/session', 'src/core/web/send/messages'],
  },
  'src/core/web/site/page.ts': {
    allowed: ['src/core/web/protocol/facts'],
    refused: ['src/core/web/session/session', 'type src/core/web/send/messages'],
  },
  'src/core/web/session/session.ts': {
    allowed: ['src/core/web/protocol/facts', 'src/core/web/site/page'],
    refused: ['src/core/web/live/channel', 'src/core/web/chats', 'type src/core/web/client'],
  },
  'src/core/web/live/channel.ts': {
    allowed: ['src/core/web/session/session'],
    refused: ['src/core/web/chats', 'src/core/web/send/messages'],
  },
  'src/core/web/chats.ts': {
    allowed: ['src/core/web/session/session', 'src/core/web/live/channel', 'src/core/web/bots'],
    refused: ['src/core/web/send/messages', 'type src/core/web/client'],
  },
  'src/core/web/send/messages.ts': {
    allowed: ['src/core/web/live/channel', 'src/core/web/chats', 'src/core/files/attachments'],
    refused: ['type src/core/web/client', 'src/core/api/client'],
  },
  'src/core/web/client.ts': {
    allowed: ['src/core/web/send/messages', 'src/core/web/chats', 'src/core/web/diagnose/diagnose'],
    refused: ['type src/core/api/client'],
  },
  'src/core/api/ask/messages.ts': {
    allowed: ['src/core/http/retry', 'src/core/files/attachments', 'src/core/api/models'],
    refused: ['src/core/web/protocol/facts', 'type src/core/web/send/messages', 'src/output/output'],
  },
  'src/output/list/aligned.ts': {
    allowed: ['type src/core/model', 'src/output/format/time'],
    refused: ['src/core/errors', 'src/ui/host', 'type src/context/context', 'src/store/profiles'],
  },
  'src/ui/conversation/conversation.ts': {
    allowed: ['type src/core/model', 'src/output/output', 'src/ui/host'],
    refused: ['src/core/errors', 'src/store/profiles', 'type src/context/context', 'src/commands/index'],
  },
  'src/store/profiles.ts': {
    allowed: ['src/core/errors', 'type src/core/web/session/session', 'src/store/profile-file'],
    refused: ['src/core/web/session/session', 'src/context/context', 'src/commands/index'],
  },
  'src/completion/complete-values.ts': {
    allowed: ['src/store/cache', 'src/output/format/time'],
    refused: ['src/context/context', 'src/core/errors', 'src/commands/index'],
  },
  'src/context/context.ts': {
    allowed: ['src/store/profiles', 'src/output/output', 'src/core/web/client', 'src/sandbox/server/server'],
    refused: ['src/cli/main', 'src/ui/host', 'type src/commands/index'],
  },
  'src/commands/chats/history.ts': {
    allowed: ['src/context/context', 'src/output/output', 'src/core/errors', 'type src/core/client'],
    refused: [
      'src/core/model',
      'src/core/web/client',
      'src/store/profiles',
      'src/sandbox/server/server',
      'src/ui/host',
    ],
  },
  'src/commands/messages/chat.ts': {
    allowed: ['src/ui/host', 'src/commands/shared/show-reply', 'src/context/context'],
    refused: ['src/core/model', 'src/store/profiles', 'src/cli/main'],
  },
  'src/cli/main.ts': {
    allowed: ['src/commands/index', 'src/context/context', 'src/store/profiles', 'src/core/errors'],
    refused: ['src/core/web/client', 'src/sandbox/server/server', 'src/ui/host'],
  },
  'src/sandbox/world/world.ts': {
    allowed: ['src/core/model', 'src/core/web/protocol/operations', 'src/sandbox/server/server'],
    refused: ['src/core/errors', 'src/core/web/session/session', 'src/output/output', 'src/context/context'],
  },
};

test('each file imports only what its folder may', async () => {
  const cases = Object.entries(rules).map(([file, {allowed, refused}]) => ({
    file,
    allowed,
    paths: [...allowed, ...refused],
  }));
  const messages = await lint(
    Object.fromEntries(cases.map(({file, paths}) => [file, paths.map((path, index) => importOf(file, path, index))])),
    // The files of this table import each other; the test below is about cycles.
    /poe\(imports\)/,
  );
  for (const {file, allowed, paths} of cases) {
    for (const [index, path] of paths.entries()) {
      const verdict = messages[file]?.[index] ?? 'allowed';
      const expected = allowed.includes(path) ? /^allowed$/ : / must not import | may import only types from /;
      expect({file, path, verdict}).toEqual({file, path, verdict: expect.stringMatching(expected)});
    }
  }
});

test('dynamic imports, re-exports and inline types follow the same rules', async () => {
  const lines = [
    "export const a = import('../store/profiles.js');",
    "export {b} from '../store/profiles.js';",
    "export * from '../store/profiles.js';",
    "export type C = import('../store/profiles.js').C;",
  ];
  expect(await lint({'src/core/a.ts': lines})).toEqual({
    'src/core/a.ts': lines.map(() => 'src/core must not import src/store.'),
  });
});

test('a cycle is refused, also through types', async () => {
  const messages = await lint({
    'src/core/a.ts': ["import type {B} from './b.js';", 'export interface A {b: B}'],
    'src/core/b.ts': ["import type {C} from './c.js';", 'export interface B {c: C}'],
    'src/core/c.ts': ["import type {A} from './a.js';", 'export interface C {a: A}'],
  });
  for (const [file, [message]] of Object.entries(messages))
    expect({file, message}).toEqual({file, message: expect.stringContaining('cycle')});
});

/** An import statement on one line. Several of them are valid in one file if each has another index. */
const valueImport = (module: string, index: number) => `import {a as a${index}} from '${module}'; a${index}();`;
const typeImport = (module: string, index: number) => `export type {A as A${index}} from '${module}';`;

function importOf(file: string, path: string, index: number): string {
  const module = `${'../'.repeat(dirname(file).split('/').length)}${path.replace('type ', '')}.js`;
  return path.startsWith('type ') ? typeImport(module, index) : valueImport(module, index);
}

const checkedRules = /poe\(imports\)|no-restricted-globals|no-eval|no-new-func|no-cycle/;

const Report = v.object({
  diagnostics: v.array(
    v.object({
      code: v.optional(v.string(), ''),
      message: v.string(),
      help: v.optional(v.string(), ''),
      filename: v.string(),
      labels: v.array(v.object({span: v.object({line: v.number()})})),
    }),
  ),
});

/** Writes files with the given lines and returns the linter's message for each line. */
async function lint(
  files: Record<string, string[]>,
  checks = checkedRules,
): Promise<Record<string, (string | undefined)[]>> {
  const root = mkdtempSync(join(tmpdir(), 'poe-imports-'));
  try {
    for (const name of ['.oxlintrc.json', 'scripts/import-rules.js']) cpSync(name, join(root, name), {recursive: true});
    for (const [file, lines] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), {recursive: true});
      writeFileSync(join(root, file), lines.join('\n'));
    }
    const {diagnostics} = v.parse(Report, JSON.parse(await oxlint(root)));
    const checked = diagnostics.filter(({code}) => checks.test(code));
    const messageAt = (file: string, line: number) => {
      const match = checked.find(({filename, labels}) => filename === file && labels[0]?.span.line === line);
      return match && `${match.message} ${match.help}`.trim();
    };
    return Object.fromEntries(
      Object.entries(files).map(([file, lines]) => [file, lines.map((_line, index) => messageAt(file, index + 1))]),
    );
  } finally {
    rmSync(root, {recursive: true, force: true});
  }
}

/** Returns the linter's report as JSON. Its exit code is 1 when the report is not empty. */
function oxlint(cwd: string): Promise<string> {
  return new Promise((done) => {
    execFile(process.execPath, [resolve('node_modules/oxlint/bin/oxlint'), '--format=json'], {cwd}, (_error, stdout) =>
      done(stdout),
    );
  });
}
