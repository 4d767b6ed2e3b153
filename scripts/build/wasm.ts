import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {resolve} from 'node:path';
import {deflateRawSync} from 'node:zlib';
import type {Plugin} from 'rolldown';

/** Modules that export a function for the bytes of a file with WebAssembly code. */
const modules = [
  {path: 'src/core/web/site/quickjs-code.ts', name: 'quickJsCode', file: '@jitl/quickjs-wasmfile-release-sync/wasm'},
  {path: 'src/output/images/decode/webp-code.ts', name: 'webpCode', file: '@jsquash/webp/codec/dec/webp_dec.wasm'},
];

/** Where QuickJS uses its URL, and what replaces it. */
const quickJsUrls = [
  ['new URL("emscripten-module.wasm",import.meta.url)', '{}'],
  [
    '{createRequire:a}=await import("node:module");var require=a(import.meta.url)',
    'a=process.getBuiltinModule;var require=a',
  ],
  ['=import.meta.url,', '="",'],
] as const;

/**
 * Puts WebAssembly code into the bundle, compressed. A file of its own would be lost if a program is bundled with the library, and
 * then the program could not find it.
 */
export function inlineWasm(): Plugin {
  const {resolve: find} = createRequire(import.meta.url);
  return {
    name: 'inline-wasm',
    load(id) {
      const found = modules.find(({path}) => id === resolve(path));
      if (!found) return undefined;
      const code = deflateRawSync(readFileSync(find(found.file)), {level: 9}).toString('base64');
      return `import {inflateRawSync} from 'node:zlib';
export const ${found.name} = () => new Uint8Array(inflateRawSync(Buffer.from('${code}', 'base64')));`;
    },
    // QuickJS is given its code and needs no URL. Other bundlers would look for the file, and stop because there is none; in
    // CommonJS, they leave the URL undefined.
    transform(source, id) {
      if (!id.endsWith('/emscripten-module.mjs')) return undefined;
      let code = source;
      for (const [before, after] of quickJsUrls) {
        if (!code.includes(before)) throw new Error(`${id} no longer contains "${before}"`);
        code = code.replace(before, after);
      }
      return {code, map: null};
    },
  };
}
