#!/usr/bin/env bash
# tmux 3.3a (Debian 12), allow-passthrough on: the answer to a query is typed into whichever pane is selected.
#
# A program wraps a query for the outer terminal in tmux's passthrough sequence, for example to ask for kitty's graphics
# protocol. tmux passes it on, also from a pane that is visible but not selected. The answer of the terminal comes back
# as keys, which go to the selected pane: the program that asked gets nothing, and the program next to it, such as an
# editor, gets the characters as if the user had typed them. Ask only in the selected pane, and expect no answer.
#
# A Python program plays the outer terminal here; the left pane asks, the right pane is selected.
# Expected output: the left pane gets '', the right pane gets the answer '\x1b_Gi=1;OK\x1b\\'. The script fails when the
# answer goes to the left pane, or to none.
set -euo pipefail

dir=$(mktemp -d)
trap 'tmux kill-server; rm -rf "$dir"' EXIT
cd "$dir"
unset TMUX
export TMUX_TMPDIR=$dir TERM=xterm-256color

# Runs in both panes: reads keys until "." and reports those before it. The left one asks first.
cat >pane.py <<'EOF'
import os
import subprocess
import sys
import tty

side = sys.argv[1]
tty.setraw(0)
if side == "left":
    subprocess.run(["tmux", "wait-for", "ask"], check=True)
    os.write(1, b"\033Ptmux;\033\033_Gi=1,a=q,s=1,v=1,f=24;AAAA\033\033\\\033\\")
else:
    print("right pane is ready")
keys = b""
while not keys.endswith(b"."):
    keys += os.read(0, 1)
with open(side, "w") as report:
    print(ascii(keys.decode().removesuffix(".")), file=report)
subprocess.run(["tmux", "wait-for", "-S", f"{side}-done"], check=True)
EOF

# Attaches to tmux, answers the query and presses ".".
cat >terminal.py <<'EOF'
import os
import pty
import subprocess

pid, terminal = pty.fork()
if pid == 0:
    os.execvp("tmux", ["tmux", "attach-session"])


def read_until(text):
    screen = b""
    while text not in screen:
        screen += os.read(terminal, 65536)


read_until(b"right pane is ready")
subprocess.run(["tmux", "wait-for", "-S", "ask"], check=True)
read_until(b"\033_Gi=1,a=q,s=1,v=1,f=24;AAAA\033\\")
os.write(terminal, b"\033_Gi=1;OK\033\\.")
subprocess.run(["tmux", "wait-for", "right-done"], check=True)
EOF

tmux -V
tmux -f /dev/null new-session -d -x 80 -y 24 'python3 pane.py left; sleep 60'
tmux set-option -g allow-passthrough on
tmux split-window -h 'python3 pane.py right; sleep 60'
timeout 60 python3 terminal.py
tmux send-keys -t :.0 .
timeout 60 tmux wait-for left-done
left=$(cat left)
right=$(cat right)
echo "left pane: $left"
echo "right pane: $right"
[ "$left" = "''" ] && [ "$right" = "'\\x1b_Gi=1;OK\\x1b\\\\'" ]
