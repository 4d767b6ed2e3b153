import {rmSync} from 'node:fs';
import process from 'node:process';
import {defineConfig, type Plugin, type RolldownOptions} from 'rolldown';
// 0.23 is the last version that runs on Node 20. It only reads declarations, so it does not need TypeScript 5 or 6.
import {dts} from 'rolldown-plugin-dts';

/* Bundles the declarations that tsc wrote to dist/types into one file for each entry of the package. */

export default defineConfig([
  bundle('index', 'dist/types/index.d.ts'),
  bundle('sandbox', 'dist/types/sandbox/server/server.d.ts'),
  bundle('bot', 'dist/types/bot-server/serve-bot.d.ts'),
]);

process.on('exit', () => rmSync('dist/types', {recursive: true, force: true}));

function bundle(name: string, file: string): RolldownOptions {
  return {
    input: {[name]: file},
    external: /^[\w@]/,
    plugins: [dts({dtsInput: true, sourcemap: false}), referenceLibrary(), checkDeclarations()],
    output: {dir: 'dist/lib', format: 'esm', codeSplitting: false},
  };
}

/** Refers to the declarations for `await using`, which only the newest library of TypeScript includes by default. */
function referenceLibrary(): Plugin {
  return {
    name: 'reference-library',
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk') file.code = `/// <reference lib="esnext.disposable" />\n${file.code}`;
      }
    },
  };
}

/** The declarations must not import packages, because poe has no dependencies, and programs must be able to name every type. */
function checkDeclarations(): Plugin {
  return {
    name: 'check-declarations',
    writeBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        const code = file.type === 'chunk' ? file.code : '';
        const packages = [...code.matchAll(/from ["']([^"']+)["']/g)].map(([, name]) => name);
        if (packages.length > 0) throw new Error(`${file.fileName} imports ${packages.join(', ')}`);
        const exported = new Set(file.type === 'chunk' ? file.exports : []);
        const declared = [...code.matchAll(/^(?:declare )?(?:interface|type|class|function|const) (\w+)/gm)];
        const hidden = declared.flatMap(([, name = '']) => (exported.has(name) ? [] : name));
        if (hidden.length > 0) throw new Error(`${file.fileName} does not export ${hidden.join(', ')}`);
      }
    },
  };
}
