#!/usr/bin/env bash
# tmux 3.3a (Debian 12): a program that closes "its" pane closes the one that the user has selected.
#
# Inside tmux, commands without -t apply to the current pane. One takes that for the pane in which the command runs, and
# tmux even tells each program its own one in TMUX_PANE. But the current pane is the selected one of the same window. So
# when an agent or a build has finished in one pane, and runs `tmux kill-pane` or `tmux send-keys`, it hits the pane in
# which the user works meanwhile: the editor there is closed without a question, or gets the keys. As long as the user
# watches the first pane, all works. Always pass `-t "$TMUX_PANE"`.
#
# Expected output: the left pane runs the commands, the right one is selected; asked without -t, tmux names the right
# one, the key goes there, and it is the one that is closed. The script fails when the left pane is closed.
set -euo pipefail

dir=$(mktemp -d)
export TMUX_TMPDIR=$dir TERM=xterm
unset TMUX
tmux=(tmux -L finding -f /dev/null)
trap '"${tmux[@]}" kill-server 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"

cat >agent.sh <<'END'
until [ -e selected ]; do sleep 0.1; done
echo "own pane: $TMUX_PANE"
echo "named: $(tmux display-message -p '#{pane_id}')"
tmux send-keys key Enter
sleep 0.5
tmux kill-pane
touch done
sleep 30
END
"${tmux[@]}" new-session -d -s s -x 80 -y 20 'exec sh agent.sh >output'
"${tmux[@]}" split-window -h -t s 'exec cat >editor'
echo "panes: $("${tmux[@]}" list-panes -t s -F '#{pane_id}' | tr '\n' ' ')"
touch selected
until [ -e done ]; do sleep 0.1; done
sleep 0.5
actual=$(
	cat output
	echo "the right pane gets: $(cat editor)"
	echo "left over: $("${tmux[@]}" list-panes -t s -F '#{pane_id}')"
)
echo "$actual"
[ "$actual" = "own pane: %0
named: %1
the right pane gets: key
left over: %0" ]
