#!/usr/bin/env bash
# @xterm/headless 6.0.0 (npm): rows drawn over a wrapped line stay joined, unless the program moves with a line feed.
#
# When text wraps at the right edge, the next row is marked as a part of the same line, so that copying and resizing
# join the two. Then a program draws two rows of its own over them. A line feed between the two removes the mark, but
# IND, which moves the cursor in the same way, does not, and neither do NEL and cursor movements. The screens look the
# same, but when the window gets wider, the two rows become one. Erase a row (EL) before you draw it.
#
# Expected output: after LF and after EL two rows, after IND, NEL, CUP and CNL one row with both texts. The script fails
# when one of these differs.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @xterm/headless@6.0.0

cat >rows.mjs <<'EOF'
import xterm from '@xterm/headless';

// The screen is 10 columns wide. Each way moves the cursor from the end of row 1 to row 2, column 1.
const ways = {
	LF: '\r\n',
	IND: '\r\u001BD',
	NEL: '\u001BE',
	CUP: '\u001B[2;1H',
	CNL: '\u001B[E',
	'CUP and EL': '\u001B[2;1H\u001B[2K',
};
for (const [name, move] of Object.entries(ways)) {
	const terminal = new xterm.Terminal({cols: 10, rows: 4, allowProposedApi: true});
	const write = text => new Promise(resolve => terminal.write(text, resolve));
	await write('0123456789abcdefghij');
	await write(`\u001B[1;1Hfirst row ${move}second row\u001B[4;1H`);
	terminal.resize(30, 4);
	const rows = [0, 1].map(row => terminal.buffer.active.getLine(row).translateToString(true));
	console.log(`${name}: ${rows.map(row => `[${row}]`).join(' ')}`);
}
EOF

actual=$(node rows.mjs)
echo "$actual"
[ "$actual" = "LF: [first row ] [second row]
IND: [first row second row] []
NEL: [first row second row] []
CUP: [first row second row] []
CNL: [first row second row] []
CUP and EL: [first row ] [second row]" ]
