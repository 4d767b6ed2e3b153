#!/usr/bin/env bash
# Bundles a program with the library, with webpack, Rollup, esbuild and Vite, and runs each bundle where the library is not installed.
# Not part of CI, because the newest versions of the bundlers are used. It needs a connection to npm for the first run.
# Usage: bash test/bundlers.sh [folder for the bundlers]
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

work=$(mktemp -d)
bundlers=${1:-$work/bundlers}
trap 'rm -rf "$work"' EXIT

mkdir -p "$bundlers"
[[ -f $bundlers/package.json ]] || echo '{"private": true}' >"$bundlers/package.json"
npm install --prefix "$bundlers" --silent --no-audit --no-fund webpack@5 rollup @rollup/plugin-node-resolve @rollup/plugin-commonjs esbuild vite
export PATH="$bundlers/node_modules/.bin:$PATH" NODE_PATH="$bundlers/node_modules"

# In the folder of the bundlers, because they look for their plugins there.
app=$(mktemp -d "$bundlers/app-XXXXXX")
trap 'rm -rf "$work" "$app"' EXIT
cd "$app"
tarball=$(cd "$root" && npm pack --silent --pack-destination "$work" | tail -n 1)
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --no-audit --no-fund --omit=optional "$work/$tarball"

# A file goes through `debug` and the detection of its type, a session through QuickJS and the live channel.
cat >program.js <<'PROGRAM'
import {connect, connectWithKey} from 'poe-cli';
import {serveBot} from 'poe-cli/bot';
import {startSandbox} from 'poe-cli/sandbox';

async function main() {
  const sandbox = await startSandbox();
  const {apiKey, apiUrl, uploadUrl} = sandbox;
  const session = await connect({...sandbox.tokens, baseUrl: sandbox.url});
  const key = await connectWithKey({apiKey, apiUrl, uploadUrl});
  for (const poe of [session, key]) {
    const reply = await poe.send('2x2?', {bot: 'gemini-2.0-flash', files: [{name: 'a.txt', content: [Buffer.from('a')]}]});
    if (!(await reply.result()).text.includes('4')) throw new Error(`Unexpected reply: ${reply.text}`);
    poe.close();
  }
  const server = await serveBot(async () => 'Hello', {accessKey: null, port: 0});
  await server.close();
  await sandbox.close();
  console.log('It works.');
}
void main();
PROGRAM

cat >webpack.cjs <<'CONFIG'
const common = {mode: 'production', target: 'node20', entry: './program.js', externals: {libsql: 'node-commonjs libsql'}};
module.exports = [
  {...common, output: {path: `${process.env.WORK}/webpack-cjs`, filename: 'main.cjs'}},
  {
    ...common,
    experiments: {outputModule: true},
    output: {path: `${process.env.WORK}/webpack-esm`, filename: 'main.mjs', module: true, chunkFormat: 'module'},
  },
];
CONFIG
cat >rollup.config.mjs <<'CONFIG'
import commonjs from '@rollup/plugin-commonjs';
import {nodeResolve} from '@rollup/plugin-node-resolve';

const plugins = [nodeResolve({preferBuiltins: true}), commonjs()];
const output = (format, extension) => ({
  dir: `${process.env.WORK}/rollup-${format}`,
  format,
  entryFileNames: `main.${extension}`,
  chunkFileNames: `[name]-[hash].${extension}`,
});
export default {input: 'program.js', external: ['libsql'], plugins, output: [output('esm', 'mjs'), output('cjs', 'cjs')]};
CONFIG
cat >vite.config.mjs <<'CONFIG'
export default {
  ssr: {noExternal: true, external: ['libsql']},
  build: {
    ssr: 'program.js',
    outDir: `${process.env.WORK}/vite`,
    emptyOutDir: true,
    rollupOptions: {output: {entryFileNames: 'main.mjs', chunkFileNames: '[name]-[hash].mjs'}},
  },
};
CONFIG

export WORK="$work"
node -e '
  const webpack = require("webpack");
  webpack(require(`${process.cwd()}/webpack.cjs`), (error, stats) => {
    if (error) throw error;
    console.log(stats.toString({all: false, errors: true, warnings: true}));
    process.exitCode = stats.hasErrors() || stats.hasWarnings() ? 1 : 0;
  });'
rollup --silent --config rollup.config.mjs
esbuild program.js --log-level=warning --bundle --platform=node --external:libsql --format=esm --outfile="$work/esbuild-esm/main.mjs"
# It warns of each import.meta.
esbuild program.js --log-level=error --bundle --platform=node --external:libsql --format=cjs --outfile="$work/esbuild-cjs/main.cjs"
vite build --logLevel warn

rm -rf node_modules
cd /
for bundle in "$work"/*/main.*js; do
  echo "== ${bundle#"$work"/}"
  timeout 60 node "$bundle"
done
