#!/usr/bin/env bash
# tmux 3.3a (Debian 12): a semicolon at the end of the text is not typed, also with `send-keys -l`, with status 0.
#
# tmux separates its own commands with semicolons, and looks for them in the arguments that it gets, not in the command
# line. So quotes of the shell do not help, nor does a call without a shell. An argument that ends with a semicolon ends
# the command there, and the semicolon is left out. A program that types code or SQL into a pane, line by line, loses
# the last character of almost each line: sqlite3 and psql then wait for the rest of the statement. Semicolons further
# left are typed. With Enter in the same call, tmux looks for a command of that name, and types nothing. Write the last
# one as `\;`, or use load-buffer and paste-buffer.
#
# Expected output: "select 1" for "select 1;" with status 0, the same from Python, "a; b" as it is; "select 1;" with the
# backslash and pasted; and "unknown command: Enter". The script fails when the semicolon is typed.
set -euo pipefail

dir=$(mktemp -d)
trap 'tmux kill-server; rm -rf "$dir"' EXIT
cd "$dir"
unset TMUX
export TMUX_TMPDIR=$dir

tmux -V
tmux -f /dev/null new-session -d -x 80 -y 24 'cat >typed; tmux wait-for -S typed; sleep 60'
tmux send-keys -l 'select 1;'
echo "status: $?"
tmux send-keys Enter
python3 -c 'import subprocess; subprocess.run(["tmux", "send-keys", "-l", "select 1;"], check=True)'
tmux send-keys Enter
tmux send-keys -l 'a; b'
tmux send-keys Enter
tmux send-keys -l 'select 1\;'
tmux send-keys Enter
printf 'select 1;' | tmux load-buffer -
tmux paste-buffer
tmux send-keys Enter
error=$(tmux send-keys 'select 1;' Enter 2>&1 || true)
tmux send-keys C-d
timeout 60 tmux wait-for typed
cat typed
echo "$error"
[ "$error" = "unknown command: Enter" ]
[ "$(cat typed)" = "select 1
select 1
a; b
select 1;
select 1;" ]
