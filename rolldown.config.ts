import {existsSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {defineConfig, type Plugin} from 'rolldown';

rmSync('dist', {recursive: true, force: true});

/** What is asked on every Tab, and what is said at the very end: each one file, which shares nothing and is loaded at once. */
const alone = {
  platform: 'node',
  output: {dir: 'dist', format: 'cjs', minify: true, entryFileNames: '[name].cjs'},
} as const;

/**
 * What is always loaded together is one file each, with all that it imports: Node takes a third of a millisecond for every further one.
 * The first that fits takes a module.
 */
const groups = [
  {
    name: 'base',
    test: /\/src\/core\/(?:errors|redact|suggest|chat-ref|local-code|message)\.ts$|\/valibot\//,
    priority: 4,
  },
  {name: 'live', test: /\/src\/core\/(?:journal|web\/client|web\/live\/socket)\.ts$/, priority: 3},
  {name: 'start', test: /\/src\/cli\/main\.ts$/, priority: 2},
  {name: 'kept', test: /\/src\/store\/(?:profiles|cache|last-chat|journal|profile-file)\.ts$/, priority: 1},
];

export default defineConfig([
  {
    input: {cli: 'src/cli/main.ts', index: 'src/index.ts', 'worker-entry': 'src/core/web/site/worker-entry.ts'},
    platform: 'node',
    // Optional native speed-ups of ws: absent, and ws does without them.
    external: ['bufferutil', 'utf-8-validate'],
    transform: {define: {'process.env.NODE_ENV': '"production"'}},
    resolve: {
      alias: {'react-devtools-core': resolve('src/ui/ink/no-devtools.ts'), 'is-in-ci': resolve('src/ui/ink/not-ci.ts')},
    },
    plugins: [leftOut(), putOff(), apart(), licences()],
    output: {
      dir: 'dist',
      format: 'esm',
      minify: true,
      keepNames: true,
      chunkFileNames: 'chunks/[name]-[hash].js',
      codeSplitting: {groups},
    },
  },
  {...alone, input: {'complete-values': 'src/completion/complete-values.ts'}},
  {...alone, input: {crash: 'src/cli/crash.ts'}},
]);

/** Modules that are imported but never called: each stands here with the reason. */
const uncalled = new Map([
  // conf checks its file against a schema where it is given one; the store has schemas of its own.
  ['ajv/dist/2020.js', 'export const Ajv2020 = undefined;'],
  ['ajv-formats', 'export default {};'],
]);

/** Leaves those out of the bundle: they would be read and run at every start. */
function leftOut(): Plugin {
  return {
    name: 'left-out',
    resolveId: (source) => (uncalled.has(source) ? `\0left-out:${source}` : undefined),
    load: (id) => (id.startsWith('\0left-out:') ? uncalled.get(id.slice('\0left-out:'.length)) : undefined),
  };
}

/** What a library does when it is loaded, though that is dear and rarely needed, and what it does instead. */
const early = [
  // Node reads its tables of all writing for it, which takes longer than the first frame of a chat.
  {
    file: 'string-width/index.js',
    now: 'const segmenter = new Intl.Segmenter();',
    later: 'let made; const segmenter = {segment: (text) => (made ??= new Intl.Segmenter()).segment(text)};',
  },
  // As it is read, V8 makes the list of all emoji: 13 ms.
  {
    file: 'string-width/index.js',
    now: String.raw`const rgiEmojiRegex = /^\p{RGI_Emoji}$/v;`,
    later: String.raw`let rgi; const rgiEmojiRegex = {test: (text) => (rgi ??= new RegExp('^\\p{RGI_Emoji}$', 'v')).test(text)};`,
  },
  // It is for commands that are programs of their own.
  {
    file: 'commander/lib/command.js',
    now: "const childProcess = require('node:child_process');",
    later: "const childProcess = {spawn: (...args) => require('node:child_process').spawn(...args)};",
  },
  // It fetches its WASM from the text that the file itself has, and Node would load all of its fetch for that.
  {
    file: 'binaries/yoga-wasm-base64-esm.js',
    now: 'function ya(){return w||"function"!=typeof fetch?',
    later: 'function ya(){return w||true?',
  },
];

function putOff(): Plugin {
  let waiting = new Set<(typeof early)[number]>();
  return {
    name: 'put-off',
    buildStart: () => void (waiting = new Set(early)),
    transform(code, id) {
      const path = id.replaceAll('\\', '/');
      const here = early.filter(({file, now}) => path.endsWith(`/${file}`) && code.includes(now));
      for (const each of here) waiting.delete(each);
      return here.length > 0 ? here.reduce((text, {now, later}) => text.replace(now, () => later), code) : undefined;
    },
    buildEnd() {
      for (const {file, now} of waiting) throw new Error(`There is no "${now}" in ${file} any more`);
    },
  };
}

/** Sees to it that what is loaded first does not bring what is loaded later, and the library nothing of the command line. */
function apart(): Plugin {
  return {
    name: 'apart',
    generateBundle(_options, bundle) {
      const loadedBy = (name: string, seen = new Set<string>()): Set<string> => {
        const file = bundle[name];
        if (file?.type !== 'chunk' || seen.has(name)) return seen;
        seen.add(name);
        for (const next of file.imports) loadedBy(next, seen);
        return seen;
      };
      const refuse = (entry: string, group: string) => {
        const found = [...loadedBy(entry)].find((name) => name.startsWith(`chunks/${group}-`));
        if (found !== undefined) throw new Error(`${entry} loads ${found}`);
      };
      refuse('cli.js', 'live');
      refuse('cli.js', 'kept');
      refuse('index.js', 'start');
      refuse('worker-entry.js', 'live');
      refuse('worker-entry.js', 'start');
    },
  };
}

/** Puts the licences of the libraries that are bundled beside the bundle, as they ask for. */
function licences(): Plugin {
  return {
    name: 'licences',
    generateBundle(_options, bundle) {
      const folders = Object.values(bundle)
        .flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
        .flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
      const texts = [...new Set(folders)].toSorted().map((folder) => `${title(folder)}\n\n${licence(folder)}`);
      this.emitFile({type: 'asset', fileName: 'LICENSES.txt', source: texts.join(`\n${'-'.repeat(72)}\n\n`)});
    },
  };
}

function manifest(folder: string): {name: string; version: string; license?: string} {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function title(folder: string): string {
  const {name, version, license} = manifest(folder);
  return `${name} ${version} (${license ?? 'see below'})`;
}

function licence(folder: string): string {
  const file = existsSync(folder) ? readdirSync(folder).find((name) => /^licen[cs]e/i.test(name)) : undefined;
  return file ? readFileSync(join(folder, file), 'utf8').trim() + '\n' : 'The package has no licence file.\n';
}
