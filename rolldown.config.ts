import {rmSync} from 'node:fs';
import {builtinModules} from 'node:module';
import {resolve} from 'node:path';
import {defineConfig, type Plugin, type RolldownOptions} from 'rolldown';
import {esmExternalRequirePlugin} from 'rolldown/plugins';
import {escapeUnicode} from './scripts/build/escape-unicode.js';
import {deferSlowStartup, replaceStringWidth, replaceYoga, stubUnusedModules} from './scripts/build/libraries.js';
import {writeNotices} from './scripts/build/notices.js';
import {inlineWasm} from './scripts/build/wasm.js';

rmSync('dist', {recursive: true, force: true});

const shared = {
  platform: 'node',
  // It has a binary for each platform, so it is an optional dependency instead.
  external: ['libsql'],
  // Node 20 does not have `using`.
  transform: {
    target: 'es2023',
    define: {
      'process.env.NODE_ENV': '"production"',
      // Without its optional native accelerators.
      'process.env.WS_NO_BUFFER_UTIL': '"1"',
      'process.env.WS_NO_UTF_8_VALIDATE': '"1"',
    },
  },
} satisfies RolldownOptions;

/** Scripts that bin/poe.js loads by themselves: CommonJS, one file each. */
const standalone = {
  platform: 'node',
  output: {dir: 'dist', format: 'cjs', minify: true, entryFileNames: '[name].cjs'},
} satisfies RolldownOptions;

/**
 * Modules that are always loaded together form one chunk, because every further file costs Node about 0.3 ms.
 * A module belongs to the group with the highest priority that matches it.
 */
const chunkGroups = [
  {
    name: 'base',
    test: /\/src\/core\/(?:errors|log\/redact|message|options|unsupported|names\/(?:suggest|chat-ref)|spending\/same-bot|archive\/chat-archive|parameters\/conditions)\.ts$|\/src\/store\/files\/(?:errors|folder|lock|unique-name)\.ts$|\/valibot\//,
    priority: 5,
  },
  // For both backends, and only for poe.com.
  {
    name: 'http',
    test: /\/src\/core\/(?:[^/]+|(?:names|many|journal|input|log)\/[^/]+|http\/(?!ky-client)[^/]+|http\/connect\/(?:agents|connect-tcp|no-proxy|open-connection|proxy-settings|tls-sessions)|spending\/(?:accounted-reply|budget|count-tokens|memory-ledger|period|price)|parameters\/controls|files\/receive\/hosted-by-poe)\.ts$|usingCtx/,
    priority: 4,
  },
  {name: 'api', test: /\/src\/core\/api\/(?!chats|sign-in|ask\/(?:uploader|choose-with))/, priority: 3},
  // Loaded only for messages with parameters.
  {name: 'parameters', test: /\/src\/core\/parameters\/(?!conditions|controls)/, priority: 4},
  {name: 'local-chats', test: /\/src\/core\/api\/chats\/(?!exports)/, priority: 3},
  // What the Markdown renderer shares with the chat, which starts without it.
  {
    name: 'terminal',
    test: /\/src\/output\/(?:format\/(?:width|graphemes|url)|terminal\/rows\/(?:rows|truncate))\.ts$|\/node_modules\/chalk\//,
    priority: 1,
  },
  // What the first request to poe.com needs.
  {name: 'site', test: /\/src\/core\/web\/session\/site-connection\.ts$/, priority: 4},
  {name: 'web', test: /\/src\/core\/web\/(?:client|live\/socket)\.ts$/, priority: 3},
  // For templates and bots.
  {name: 'yaml', test: /\/node_modules\/yaml\//, priority: 2},
  {name: 'start', test: /\/src\/(?:cli\/main|commands\/messages\/send)\.ts$/, priority: 2},
  // The other commands: a chunk for each folder, and one for what they share, which a chat needs, too.
  {
    name: 'commands',
    test: /\/src\/(?:commands\/shared\/(?!use-template|save-files|schema\/(?!schema-option))|output\/(?:format\/(?:file-names|file-size|forecast)|terminal\/(?:programs\/editor|rows\/live-rows))|context\/prompt-history-path)/,
    priority: 1,
  },
  {name: 'chat-command', test: /\/src\/commands\/messages\/chat\.ts$/, priority: 1},
  {
    name: (path: string) => `${/[\w-]+(?=\/[\w-]+\.ts$)/.exec(path)?.[0]}-commands`,
    debugName: 'commands by folder',
    test: /\/src\/commands\/(?!shared)[\w-]+\/(?!show-plan)[\w-]+\.ts$/,
    priority: 0,
  },
  {
    name: 'store',
    test: /\/src\/store\/(?:profiles|caches\/cache|last-chat|journal|journal-file|profile-file)\.ts$/,
    priority: 1,
  },
  {
    name: 'markdown',
    test: /\/src\/output\/markdown\/(?:syntax\/|render-markdown\.ts$)|\/node_modules\/(?:markdown-it|entities\/lib\/esm|mdurl|uc\.micro)/,
    priority: 0,
  },
];

/** Modules of Node that take a while to load. */
const slowModules = ['child_process', 'crypto', 'fs/promises', 'http', 'https', 'zlib'].map((name) => `node:${name}`);

/** CommonJS, because Node loads it faster than ES modules. */
const cli = {
  ...shared,
  // `send` is in the first chunk, because most command lines run it.
  checks: {ineffectiveDynamicImport: false},
  input: {
    main: 'src/cli/main.ts',
    'worker-entry': 'src/core/web/site/worker-entry.ts',
    'image-worker': 'src/output/images/worker-entry.ts',
  },
  resolve: {
    alias: {
      'is-in-ci': resolve('src/ui/ink/not-ci.ts'),
      // Its main file is in a format whose parts are not found.
      'jsonc-parser': resolve('node_modules/jsonc-parser/lib/esm/main.js'),
    },
  },
  plugins: [
    stubUnusedModules(),
    deferSlowStartup(),
    replaceYoga(),
    replaceStringWidth(),
    inlineWasm(),
    checkStartup({
      'src/cli/main.ts': ['http', 'web', 'store', 'markdown', 'yaml', 'libsql', 'serving', ...slowModules],
      'src/ui/chat.ts': ['http', 'web', 'markdown', 'ink', ...slowModules],
      'src/core/api/client.ts': ['web', 'node:crypto'],
      'src/store/archive/archive.ts': ['api', 'http', 'web'],
      'src/core/api/chats/local-chats.ts': ['web', 'node:crypto'],
      'src/core/web/session/site-connection.ts': ['web', 'node:crypto'],
      'src/core/web/client.ts': ['api'],
      'src/core/web/site/worker-entry.ts': ['web', 'start'],
      'src/output/images/worker-entry.ts': ['http', 'web', 'start', 'store', 'markdown'],
    }),
    emitPackageType(),
    escapeUnicode(),
    writeNotices(),
  ],
  output: {
    dir: 'dist/cli',
    format: 'cjs',
    dynamicImportInCjs: false,
    minify: true,
    keepNames: true,
    chunkFileNames: 'chunks/[name]-[hash].js',
    codeSplitting: {groups: chunkGroups},
  },
} satisfies RolldownOptions;

/**
 * The library shares no file with the command line. It is readable, so that stack traces of programs are too. Its source maps name
 * the file and line of a source, but do not contain its text.
 */
const library = {
  ...shared,
  input: {
    index: 'src/index.ts',
    sandbox: 'src/sandbox/server/server.ts',
    bot: 'src/bot-server/serve-bot.ts',
    'bot-script': 'src/bot-server/script/worker-entry.ts',
    'worker-entry': 'src/core/web/site/worker-entry.ts',
  },
  plugins: [
    stubUnusedModules(),
    // Other bundlers do not follow `require` of Node's modules in an ES module.
    esmExternalRequirePlugin({external: [...builtinModules]}),
    inlineWasm(),
    writeNotices(),
  ],
  output: {
    dir: 'dist/lib',
    format: 'esm',
    sourcemap: true,
    sourcemapExcludeSources: true,
    chunkFileNames: 'chunks/[name]-[hash].js',
  },
} satisfies RolldownOptions;

export default defineConfig([
  cli,
  library,
  {...standalone, input: {complete: 'src/completion/answer.ts'}},
  {...standalone, input: {crash: 'src/cli/crash-report.ts'}},
  {...standalone, input: {startup: 'src/startup/load-program.ts'}},
]);

/** Marks the files as CommonJS: the package consists of ES modules. */
function emitPackageType(): Plugin {
  return {
    name: 'emit-package-type',
    generateBundle() {
      this.emitFile({type: 'asset', fileName: 'package.json', source: '{"type": "commonjs"}\n'});
    },
  };
}

/** Fails the build if a module statically loads a chunk group, or a module of Node, that must be loaded later or not at all. */
function checkStartup(excluded: Record<string, string[]>): Plugin {
  return {
    name: 'check-startup',
    generateBundle(_options, bundle) {
      const loadedBy = (name: string, seen = new Set<string>()): Set<string> => {
        const file = bundle[name];
        if (file?.type !== 'chunk' || seen.has(name)) return seen;
        seen.add(name);
        for (const next of file.imports) loadedBy(next, seen);
        return seen;
      };
      for (const [entry, groups] of Object.entries(excluded)) {
        const root = Object.values(bundle).find(
          (file) => file.type === 'chunk' && file.moduleIds.includes(resolve(entry)),
        );
        if (!root) throw new Error(`There is no module ${entry}`);
        const loaded = [...loadedBy(root.fileName)];
        const imported = Object.values(bundle).flatMap((file) =>
          file.type === 'chunk' && loaded.includes(file.fileName) ? file.imports : [],
        );
        for (const group of groups) {
          const found = [...loaded, ...imported].find((name) => name === group || name.startsWith(`chunks/${group}-`));
          if (found !== undefined) throw new Error(`${entry} loads ${found} at startup`);
        }
      }
    },
  };
}
