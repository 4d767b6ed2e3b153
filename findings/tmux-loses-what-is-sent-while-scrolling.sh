#!/usr/bin/env bash
# tmux 3.3a (Debian 12): what a program sends to a pane is lost while the user scrolls in it, with status 0.
#
# Agents and scripts control a terminal with `tmux send-keys`. While someone has scrolled up in that pane to read, tmux
# takes the keys for commands of copy mode, like those of the user, also with -l, which is for literal text. "ls" means
# nothing there and disappears; other letters end the mode, or ask the user for what to search. send-keys exits with 0,
# and the caller waits for the output of a line that was never typed. paste-buffer does type it. Or look at
# `#{pane_in_mode}` before.
#
# A Python program plays the terminal here.
# Expected output: before "ls", scrolling "" with status 0 and the same with -l, pasted "ls". The script fails when the
# text arrives while the user scrolls, or when the status reports it.
set -euo pipefail

dir=$(mktemp -d)
export TMUX_TMPDIR=$dir TERM=xterm
unset TMUX
tmux=(tmux -L finding -f /dev/null)
trap '"${tmux[@]}" kill-server 2>/dev/null || true; rm -rf "$dir"' EXIT
cd "$dir"

cat >terminal.py <<'END'
import os, pty, sys

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
try:
    while os.read(terminal, 65536):
        pass
except OSError:
    pass
END
: >received
python3 terminal.py "${tmux[@]}" new-session -s s 'exec cat >received' &
until [ "$("${tmux[@]}" list-clients -F '#{session_name}' 2>/dev/null)" = s ]; do sleep 0.1; done
"${tmux[@]}" set-option -g mode-keys emacs

# Prints a name, and what the program in the pane gets from a command.
show() {
	local name=$1 status=0
	shift
	"${tmux[@]}" "$@" || status=$?
	sleep 0.5
	"${tmux[@]}" send-keys -t s -X cancel 2>/dev/null || true
	sleep 0.5
	"${tmux[@]}" send-keys -t s Enter
	sleep 0.5
	echo "$name: \"$(tr -d '\n' <received)\", status $status"
	: >received
}
actual=$(
	show before send-keys -t s ls
	"${tmux[@]}" copy-mode -t s
	show scrolling send-keys -t s ls
	"${tmux[@]}" copy-mode -t s
	show 'scrolling, -l' send-keys -t s -l ls
	"${tmux[@]}" set-buffer ls
	"${tmux[@]}" copy-mode -t s
	show 'scrolling, paste-buffer' paste-buffer -t s
)
echo "$actual"
[ "$actual" = 'before: "ls", status 0
scrolling: "", status 0
scrolling, -l: "", status 0
scrolling, paste-buffer: "ls", status 0' ]
