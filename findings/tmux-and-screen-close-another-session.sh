#!/usr/bin/env bash
# tmux 3.3a, screen 4.9.0 (Debian 12): if a session has ended, a command for it goes to one with a longer name.
#
# Both take a name for the beginning of a name if there is no exact match. Agents and scripts name sessions after tasks
# and branches, such as "fix" and "fix-login". While both run, all goes well. When "fix" has ended by itself, the
# cleanup `tmux kill-session -t fix` or `screen -S fix -X quit` closes "fix-login" instead, with the work in it and
# status 0. Before that, has-session says that "fix" is still there, and send-keys types into the other one. With two
# longer names, there is an error. Write `-t =fix` for tmux (`-t =fix:` for a pane), or keep its $ID; screen has the
# process ID in front: `-S 1234.fix`.
#
# Expected output: while "fix" runs, it is closed; afterwards an error for `=fix` and for the process ID, and status 0
# for "fix", with no session left. The script fails when "fix-login" is left at the end.
set -euo pipefail

dir=$(mktemp -d)
trap 'tmux kill-server 2>/dev/null || true; screen -S fix-login -X quit >/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"
unset TMUX STY
export TMUX_TMPDIR=$dir SCREENDIR=$dir/screen
mkdir -m 700 screen

tmux_sessions() {
	tmux list-sessions -F '#S' 2>/dev/null | xargs
}
screen_sessions() {
	screen -ls | sed -n 's/^\t[0-9]*\.\([^\t]*\).*/\1/p' | xargs
}
# screen reports the end of a session a moment before it is gone.
screen_quit() {
	screen -S "$1" -X quit >/dev/null && status=0 || status=$?
	for _ in {1..100}; do
		[ "$(screen_sessions)" != "$2" ] || break
		sleep 0.1
	done
	echo "screen: status $status, left: $(screen_sessions)"
}

tmux -V
screen --version || true
{
	tmux -f /dev/null new-session -d -s fix-login 'sleep 600'
	tmux new-session -d -s fix 'sleep 600'
	tmux kill-session -t fix
	echo "tmux: status $?, left: $(tmux_sessions)"
	tmux kill-session -t =fix 2>/dev/null || echo "tmux, =fix: status $?, left: $(tmux_sessions)"
	tmux kill-session -t fix
	echo "tmux: status $?, left: $(tmux_sessions)"

	screen -dmS fix-login sleep 600
	screen -dmS fix sleep 600
	id=$(screen -ls | sed -n 's/^\t\([0-9]*\.fix\)\t.*/\1/p')
	screen_quit "$id" fix-login
	screen_quit "$id" fix-login
	screen_quit fix ''
} >output
cat output
[ "$(cat output)" = "tmux: status 0, left: fix-login
tmux, =fix: status 1, left: fix-login
tmux: status 0, left: 
screen: status 0, left: fix-login
screen: status 1, left: fix-login
screen: status 0, left: " ]
