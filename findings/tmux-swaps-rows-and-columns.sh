#!/usr/bin/env bash
# tmux 3.3a (Debian 12): the answer to the size query CSI 18 t has rows and columns swapped.
#
# The answer should be CSI 8 ; rows ; columns t. In a pane of 100 columns and 30 rows, tmux sends CSI 8;100;30t. A
# program that measures a terminal in this way, because no ioctl reaches it (over a serial line, for example), draws for
# 30 columns. The cursor position is reported in the right order, and so is the size from the kernel.
#
# Expected output: kernel "30 100", cursor in the last cell "30;100R", size query "8;100;30t". The script fails when the
# size query gives 8;30;100t.
set -euo pipefail

dir=$(mktemp -d)
trap 'tmux kill-server; rm -rf "$dir"' EXIT
cd "$dir"
unset TMUX
export TMUX_TMPDIR=$dir

cat >ask.py <<'EOF'
import os
import sys
import tty

tty.setraw(0)


def ask(query, end):
    os.write(1, query)
    answer = b""
    while not answer.endswith(end):
        answer += os.read(0, 1)
    return answer.decode().removeprefix("\033[")


with open(sys.argv[1], "w") as report:
    kernel = os.get_terminal_size()
    print("kernel:", kernel.lines, kernel.columns, file=report)
    print("cursor:", ask(b"\033[999;999H\033[6n", b"R"), file=report)
    print("size query:", ask(b"\033[18t", b"t"), file=report)
EOF

tmux -V
tmux -f /dev/null new-session -d -x 100 -y 30 'python3 ask.py report; tmux wait-for -S done; sleep 60'
timeout 60 tmux wait-for 'done'
actual=$(cat report)
echo "$actual"
[ "$actual" = "kernel: 30 100
cursor: 30;100R
size query: 8;100;30t" ]
