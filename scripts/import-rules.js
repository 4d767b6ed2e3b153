import {dirname, relative, resolve, sep} from 'node:path';

/*
 * A plugin for oxlint with one rule, `poe/imports`: which folder may import which, and which packages are limited to
 * some folders. It checks static, type-only and dynamic imports. docs/architecture.md explains the order.
 */

const foundation = ['src/core', 'src/core/http', 'src/core/files'];
const facts = [...foundation, 'src/core/web/protocol', 'src/core/web/site'];
const signedIn = [...facts, 'src/core/web/session'];
const nouns = [...signedIn, 'src/core/web/live', 'src/core/web'];
const web = [...nouns, 'src/core/web/send', 'src/core/web/diagnose'];
const core = [...web, 'src/core/web/client', 'src/core/web/connect', 'src/core/api'];

/**
 * What a folder, or a single file, may import besides itself and packages. The longest entry that matches a path
 * applies to it. `types` lists what may be imported with `import type` only. Paths without an entry are unrestricted.
 */
const allowed = {
  'src/core': {imports: []},
  'src/core/http': {imports: ['src/core']},
  'src/core/files': {imports: ['src/core', 'src/core/http']},
  'src/core/web/protocol': {imports: foundation},
  'src/core/web/site': {imports: [...foundation, 'src/core/web/protocol']},
  'src/core/web/session': {imports: facts},
  'src/core/web/live': {imports: signedIn},
  'src/core/web': {imports: [...signedIn, 'src/core/web/live']},
  'src/core/web/send': {imports: nouns},
  'src/core/web/diagnose': {imports: nouns},
  'src/core/web/client': {imports: web},
  'src/core/web/connect': {imports: [...web, 'src/core/web/client']},
  'src/core/api': {imports: foundation},
  'src/output': {imports: ['src/core/message'], types: core},
  'src/store': {
    imports: [
      'src/core/errors',
      'src/core/message',
      'src/core/open-files',
      'src/core/spending/budget',
      'src/core/spending/period',
      'src/core/spending/same-bot',
    ],
    types: core,
  },
  'src/startup': {imports: ['src/store'], types: ['src/completion']},
  'src/completion': {imports: ['src/output', 'src/store']},
  'src/serve': {imports: [...core, 'src/output'], types: ['src/store']},
  'src/context': {imports: [...core, 'src/output', 'src/store', 'src/sandbox', 'src/serve', 'src/bot-server']},
  'src/commands': {
    imports: [
      'src/commands/messages/chat',
      'src/commands/mcp',
      'src/core/errors',
      'src/core/names/id',
      'src/core/message',
      'src/core/parameters/conditions',
      'src/output',
      'src/completion',
      'src/context',
    ],
    types: [...core, 'src/serve'],
  },
  'src/commands/messages/chat': {
    imports: ['src/commands', 'src/core/errors', 'src/core/message', 'src/output', 'src/context', 'src/ui'],
    types: core,
  },
  'src/commands/mcp': {
    imports: [
      'src/commands',
      'src/core/errors',
      'src/output',
      'src/context',
      'src/mcp',
      'src/serve/tokens/bot-patterns',
    ],
    types: [...core, 'src/serve'],
  },
  'src/mcp': {
    imports: [
      'src/core/errors',
      'src/core/message',
      'src/core/names/bot-name',
      'src/core/names/chat-ref',
      'src/core/log/redact',
      'src/output',
      'src/store',
      'src/context',
    ],
    types: core,
  },
  'src/cli': {imports: ['src/core', 'src/output', 'src/store', 'src/completion', 'src/context', 'src/commands']},
  'src/ui': {imports: ['src/core/message', 'src/core/names/suggest', 'src/output'], types: core},
  'src/bot-server': {imports: [...foundation, 'src/core/api']},
  'src/sandbox': {imports: ['src/core/names/id', 'src/core/model', 'src/core/web/protocol']},
};

const packages = [
  {
    name: /^(?:node:)?vm$/,
    // One loads poe's own scripts, the other one limits the time of a regular expression.
    mayImport: (file) => ['src/startup/script-loader', 'src/store/archive/limited-pattern'].includes(file),
    message: 'Scripts of the site run only in QuickJS: node:vm is not a sandbox.',
  },
  {
    name: /^quickjs-emscripten|^@jitl\/quickjs/,
    mayImport: (file) => file === 'src/core/web/site/script-engine',
    message: 'Only src/core/web/site/script-engine.ts may load QuickJS.',
  },
  {
    name: /^libsql$/,
    mayImport: (file) => file === 'src/store/database/load-sqlite',
    message: 'Only src/store/database/load-sqlite.ts may load SQLite.',
  },
  {
    name: /^(?:(?:commander|ink|react|chalk|conf|ora|markdown-it|@inquirer)(?:\/.*)?|(?:node:)?process)$/,
    // The proxy is set by the environment, for every program alike. Only the process knows its CPU time,
    // and loads modules of Node by name in every format of a bundle.
    mayImport: (file) =>
      !file.startsWith('src/core/') ||
      ['src/core/http/connect/proxy-settings', 'src/core/http/slow-modules', 'src/core/web/site/cpu-time'].includes(
        file,
      ),
    message: 'src/core must not use the terminal, the settings file or the process.',
  },
];

const imports = {
  create(context) {
    const cwd = context.cwd;
    const file = moduleName(relative(cwd, context.filename));
    const check = (node, source, isType) => {
      const problem = problemWith(cwd, file, source?.value, isType);
      if (problem !== undefined) context.report({node: source, message: problem});
    };
    return {
      ImportDeclaration: (node) => check(node, node.source, isTypeOnly(node, 'importKind')),
      ExportNamedDeclaration: (node) => check(node, node.source, isTypeOnly(node, 'exportKind')),
      ExportAllDeclaration: (node) => check(node, node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (node) => check(node, node.source ?? node.argument, true),
    };
  },
};

export default {meta: {name: 'poe'}, rules: {imports}};

function isTypeOnly(node, kind) {
  const {specifiers} = node;
  return node[kind] === 'type' || (specifiers.length > 0 && specifiers.every((each) => each[kind] === 'type'));
}

/** Returns a message if `file` must not import `source`. */
function problemWith(cwd, file, source, isType) {
  if (typeof source !== 'string') return undefined;
  if (!source.startsWith('.'))
    return packages.find(({name, mayImport}) => name.test(source) && !mayImport(file))?.message;

  const target = moduleName(relative(cwd, resolve(cwd, dirname(file), source)));
  const [from, to] = [entryOf(file), entryOf(target)];
  if (from === undefined || from === to || !target.startsWith('src/')) return undefined;
  const {imports: values, types = []} = allowed[from];
  const isListed = (list) => list.includes(to) || list.includes(target);
  if (isListed(values) || (isType && isListed(types))) return undefined;
  if (isListed(types)) return `${from} may import only types from ${to}.`;
  return `${from} must not import ${target.startsWith(`${to}/`) ? to : target}.`;
}

/** The longest entry of the table that is the module or a folder around it. */
function entryOf(module) {
  return Object.keys(allowed)
    .filter((entry) => module === entry || module.startsWith(`${entry}/`))
    .toSorted((a, b) => b.length - a.length)[0];
}

/** A path with slashes and without its extension. */
function moduleName(path) {
  return path.replaceAll(sep, '/').replace(/\.[jt]sx?$/, '');
}
