#!/usr/bin/env bash
# ink 6.8.0 (npm), tmux 3.3a (Debian 12): a frame as high as the window erases everything that can be scrolled back to.
#
# To draw a new frame, Ink moves up and overwrites the last one. It cannot do that when a frame has as many rows as the
# window. Then it clears the terminal instead, and with it the scrollback: what the shell and other programs have printed
# before is gone for good, in tmux and in any terminal that knows CSI 3 J. One such frame is enough, for example a list
# that grows by a row, or a smaller window. Limit the height of a frame to one row less than the window has.
#
# Expected output: of 30 lines of the shell, 30 are left after a frame of 9 rows in a window of 10, and none after 10
# rows. The script fails when some are left.
set -euo pipefail

dir=$(mktemp -d)
trap 'tmux kill-server; rm -rf "$dir"' EXIT
cd "$dir"
unset TMUX
export TMUX_TMPDIR=$dir TERM=xterm-256color

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ink@6.8.0 react@19.2.0

# Draws one row, and then as many as its argument says.
cat >list.mjs <<'EOF'
import {Box, Text, render} from 'ink';
import {createElement} from 'react';

const list = length => {
	const rows = Array.from({length}, (_, key) => createElement(Text, {key}, `row ${key + 1}`));
	return createElement(Box, {flexDirection: 'column'}, rows);
};
const {rerender, unmount, waitUntilExit} = render(list(1));
rerender(list(Number(process.argv[2])));
unmount();
await waitUntilExit();
EOF

tmux -V
tmux -f /dev/null new-session -d -x 80 -y 10 'sleep 100'
tmux set-option -g remain-on-exit on
for rows in 9 10; do
	tmux respawn-pane -k "tmux clear-history; seq --format 'line %g' 30; node list.mjs $rows"
	# The pane is dead when tmux has read all of its output.
	for _ in {1..600}; do
		[ "$(tmux display-message -p '#{pane_dead}')" = 0 ] || break
		sleep 0.1
	done
	screen=$(tmux capture-pane -p -S -)
	echo "$rows rows: $(grep --count line <<<"$screen" || true) lines, $(grep --count row <<<"$screen") rows"
done | tee result
[ "$(cat result)" = "9 rows: 30 lines, 9 rows
10 rows: 0 lines, 10 rows" ]
