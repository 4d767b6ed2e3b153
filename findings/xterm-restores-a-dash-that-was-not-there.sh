#!/usr/bin/env bash
# @xterm/addon-serialize 0.14.0 with @xterm/headless 6.0.0 (npm): a restored screen has a dash that nobody printed.
#
# The add-on writes a screen as escape sequences, with which editors and web terminals show it again after a restart. To
# say that a row goes on in the next one, it fills the first with dashes and erases them again, from where the text
# ends: it moves there with CSI n C. If the row is empty, n is 0. But terminals take CSI 0 C for CSI 1 C, so the first
# dash stays. This happens when a program erases the first row of a wrapped line and writes something else into the
# second, because the two stay joined (see xterm-keeps-rows-joined.sh).
#
# Expected output: the original has an empty row above "Done", the restored screen has a dash there. The script fails
# when the two screens are the same.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @xterm/headless@6.0.0 @xterm/addon-serialize@0.14.0

cat >check.mjs <<'EOF'
import serialize from '@xterm/addon-serialize';
import xterm from '@xterm/headless';

const open = async text => {
	const terminal = new xterm.Terminal({cols: 20, rows: 3, allowProposedApi: true});
	await new Promise(resolve => {
		terminal.write(text, resolve);
	});
	return terminal;
};
const show = (name, {buffer}) => {
	const rows = [0, 1, 2].map(row => buffer.active.getLine(row).translateToString(true));
	console.log(`${name}: ${JSON.stringify(rows)}`);
};

// The line takes two rows. The first is erased, the second overwritten.
const original = await open('Loading the model: 42 %\x1b[A\r\x1b[2K\x1b[BDone');
show('original', original);
const addon = new serialize.SerializeAddon();
original.loadAddon(addon);
show('restored', await open(addon.serialize()));
EOF

actual=$(node check.mjs)
echo "$actual"
[ "$actual" = 'original: ["","Done",""]
restored: ["-","Done",""]' ]
