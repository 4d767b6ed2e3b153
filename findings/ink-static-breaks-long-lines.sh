#!/usr/bin/env bash
# ink 6.8.0 (npm): text in <Static> is laid out like the rest: long lines are broken, and blanks at line ends are removed.
#
# <Static> is for output that is written once and stays in the scrollback, so one expects the terminal to wrap it. But Ink
# wraps each line at the width of the terminal with line breaks of its own. A URL or a line of code that is wider cannot be
# copied in one piece, and does not rewrap when the window gets wider. Blanks at the end are cut off. A wider box does not
# help: Ink makes an object for each of its cells, in each row. Each line is measured, taken apart into characters and put
# together again. Writing the same lines directly takes a few milliseconds. With `debug: true`, which leaves the
# cursor to the program, all earlier lines are also written again with each frame.
#
# Expected output: a URL in two lines, "a" without its blanks, and the CPU time and bytes of 1,500 lines of code. The script
# fails when the URL is in one line and the blanks are kept.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ink@6.8.0 react@19.2.0

cat >app.mjs <<'EOF'
import {createElement as h} from 'react';
import {PassThrough} from 'node:stream';
import {render, Static, Text} from 'ink';

const [what, mode] = process.argv.slice(2);
const code = '  \u001b[35mconst\u001b[39m value = \u001b[35mawait\u001b[39m read(\u001b[32m"file"\u001b[39m); \u001b[2m// a line\u001b[22m';
const text = {url: `https://example.com/${'x'.repeat(90)}`, blanks: 'a   ', code}[what];
const stdout = Object.assign(new PassThrough(), {columns: 80, rows: 24, isTTY: true});
let written = '';
stdout.on('data', (data) => (written += data));
const element = (items) => h(Static, {items}, (item, key) => h(Text, {key}, item));
const before = process.cpuUsage();
const ink = render(element([]), {stdout, debug: mode === 'debug', exitOnCtrlC: false, patchConsole: false});
const count = what === 'code' ? 1500 : 1;
for (let length = 1; length <= count; length += count === 1 ? 1 : 15) {
  ink.rerender(element(Array.from({length}, () => text)));
  await new Promise((resolve) => setImmediate(resolve));
}
ink.unmount();
const {user, system} = process.cpuUsage(before);
if (what === 'code') console.log(`${Math.round((user + system) / 1000)} ms of CPU, ${written.length} bytes for ${count * code.length}`);
else console.log(JSON.stringify(written.replaceAll(/\u001b\[[?\d;]*[A-Za-z]/g, '').trimEnd()));
EOF

url=$(node app.mjs url)
blanks=$(node app.mjs blanks)
echo "URL: $url"
echo "blanks: $blanks"
echo "1,500 lines of code: $(node app.mjs code)"
echo "with debug: $(node app.mjs code debug)"
[[ $url == *'\n'* && $blanks == *'a'* && $blanks != *'a   '* ]]
