import {resolve} from 'node:path';
import type {Plugin} from 'rolldown';

/* Changes to bundled libraries that make poe start faster. */

/** Modules that a library imports but poe never calls, and what replaces them. */
const unused = new Map([
  // conf validates its file only if it is given a JSON schema. The store has its own schemas.
  ['ajv/dist/2020.js', 'export const Ajv2020 = undefined;'],
  ['ajv-formats', 'export default {};'],
  // debug takes more colors from it, for messages that nobody turns on.
  ['supports-color', 'export default undefined;'],
  // The SDK of MCP checks the answers of users with ajv; poe checks them itself, and its schemas are those of zod 4.
  ['../validation/ajv-provider.js', 'export class AjvJsonSchemaValidator {}'],
  ['zod/v3', 'export const object = undefined;'],
  ['zod-to-json-schema', 'export const zodToJsonSchema = undefined;'],
  // markdown-it finds links and encodes their hosts with these. src/output/markdown/syntax has rules of its own.
  ['linkify-it', 'export default class {}'],
  ['punycode.js', 'export default {};'],
]);

/** Replaces unused modules, so that they are not loaded at every start. */
export function stubUnusedModules(): Plugin {
  const prefix = '\0unused:';
  return {
    name: 'stub-unused-modules',
    resolveId: (source) => (unused.has(source) ? `${prefix}${source}` : undefined),
    load: (id) => (id.startsWith(prefix) ? unused.get(id.slice(prefix.length)) : undefined),
  };
}

/** Replaces the layout engine of Ink by a module that does not wait while it is loaded, because CommonJS cannot. */
export function replaceYoga(): Plugin {
  return {
    name: 'replace-yoga',
    resolveId: (source) => (source === 'yoga-layout' ? resolve('src/ui/ink/yoga.ts') : undefined),
  };
}

/** Lets Ink measure texts as poe does, which is faster for most of them. */
export function replaceStringWidth(): Plugin {
  return {
    name: 'replace-string-width',
    resolveId: (source, importer) =>
      source === 'string-width' && importer?.includes('/node_modules/')
        ? resolve('src/ui/ink/string-width.ts')
        : undefined,
  };
}

/** Expensive statements that a library runs when it is loaded, and the lazy code that replaces them. */
const slowStatements = [
  // Loading the ICU data takes longer than drawing the first frame of a chat.
  {
    file: 'string-width/index.js',
    code: 'const segmenter = new Intl.Segmenter();',
    replacement: 'let made; const segmenter = {segment: (text) => (made ??= new Intl.Segmenter()).segment(text)};',
  },
  // V8 expands the emoji list as soon as it parses the expression: 13 ms.
  {
    file: 'string-width/index.js',
    code: String.raw`const rgiEmojiRegex = /^\p{RGI_Emoji}$/v;`,
    replacement: String.raw`let rgi; const rgiEmojiRegex = {test: (text) => (rgi ??= new RegExp('^\\p{RGI_Emoji}$', 'v')).test(text)};`,
  },
  // Unicode properties take V8 most of a millisecond, and plain texts need none of these.
  {
    file: 'string-width/index.js',
    code: String.raw`const visibleCharacterRegex = /[^\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/v;`,
    replacement: String.raw`let visible; const visibleCharacterRegex = {test: (text) => text.search(visibleCharacterRegex) !== -1, [Symbol.search]: (text) => text.search(visible ??= /[^\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/v)};`,
  },
  {
    file: 'string-width/index.js',
    code: String.raw`const spacingMarkRegex = /\p{Spacing_Mark}/v;`,
    replacement: String.raw`let spacing; const spacingMarkRegex = {test: (text) => (spacing ??= /\p{Spacing_Mark}/v).test(text)};`,
  },
  {
    file: 'string-width/index.js',
    code: String.raw`const extendedPictographicRegex = /\p{Extended_Pictographic}/gu;`,
    replacement: String.raw`let pictographic; const extendedPictographicRegex = {[Symbol.match]: (text) => text.match(pictographic ??= /\p{Extended_Pictographic}/gu)};`,
  },
  // Only commands that are separate executables need it, and poe has none.
  {
    file: 'commander/lib/command.js',
    code: "const childProcess = require('node:child_process');",
    replacement: "const childProcess = {spawn: (...args) => require('node:child_process').spawn(...args)};",
  },
  // Sites on this machine need no TLS.
  {
    file: 'ws/lib/websocket.js',
    code: "const https = require('https');",
    replacement: "const https = {get request() { return require('https').request; }};",
  },
  {
    file: 'ws/lib/websocket.js',
    code: "const tls = require('tls');",
    replacement: "const tls = {connect: (...args) => require('tls').connect(...args)};",
  },
  // Poe does not always compress frames, and if it does, not before a message is sent.
  {
    file: 'ws/lib/permessage-deflate.js',
    code: "const zlib = require('zlib');",
    replacement: "const zlib = new Proxy({}, {get: (_, name) => require('zlib')[name]});",
  },
  // The WASM is a string in the file itself. Reading it with fetch would load all of Node's fetch.
  {
    file: 'binaries/yoga-wasm-base64-esm.js',
    code: 'function ya(){return w||"function"!=typeof fetch?',
    replacement: 'function ya(){return w||true?',
  },
  // Only developers of Ink need its devtools. A CommonJS bundle cannot wait at the top level.
  {file: 'ink/build/reconciler.js', code: "await import('./devtools.js');", replacement: ''},
  {file: 'ink/build/reconciler.js', code: '? await loadPackageJson()', replacement: '? {}'},
];

/** Makes slow statements lazy. The build fails if a library no longer contains one of them. */
export function deferSlowStartup(): Plugin {
  let missing = new Set<(typeof slowStatements)[number]>();
  return {
    name: 'defer-slow-startup',
    buildStart: () => void (missing = new Set(slowStatements)),
    transform(source, id) {
      const path = id.replaceAll('\\', '/');
      const found = slowStatements.filter(({file, code}) => path.endsWith(`/${file}`) && source.includes(code));
      for (const statement of found) missing.delete(statement);
      if (found.length === 0) return undefined;
      return found.reduce((text, {code, replacement}) => text.replace(code, () => replacement), source);
    },
    buildEnd() {
      for (const {file, code} of missing) throw new Error(`${file} no longer contains "${code}"`);
    },
  };
}
