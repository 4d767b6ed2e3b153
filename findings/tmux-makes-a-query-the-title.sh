#!/usr/bin/env bash
# tmux 3.3a (Debian 12): a query or picture for kitty's graphics protocol becomes the title of the pane.
#
# These commands are APC strings (ESC _ ... ESC \), which a terminal that does not know them should ignore. tmux takes
# any APC string for a title. So a program that asks whether the terminal can show pictures renames its pane, and gets
# no answer. A picture that is sent anyway puts its base64 data there, where the status line shows it. The title stays
# when the program ends.
#
# Expected output: title before "shell", after "Gi=1,a=q,s=1,v=1,f=24;AAAA", and only the answer of the cursor query.
# The script fails when the title stays, or when tmux answers.
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
# The usual way to detect support: the query, then one that every terminal answers.
os.write(1, b"\033[H\033_Gi=1,a=q,s=1,v=1,f=24;AAAA\033\\\033[6n")
answer = b""
while not answer.endswith(b"R"):
    answer += os.read(0, 1)
with open(sys.argv[1], "w") as report:
    print(ascii(answer.decode()), file=report)
EOF

tmux -V
tmux -f /dev/null new-session -d 'tmux wait-for go; python3 ask.py answer; tmux wait-for -S done; sleep 60'
tmux select-pane -T shell
before=$(tmux display-message -p '#{pane_title}')
tmux wait-for -S go
timeout 60 tmux wait-for 'done'
after=$(tmux display-message -p '#{pane_title}')
answer=$(cat answer)
echo "title before: $before"
echo "title after: $after"
echo "answer: $answer"
[ "$before" = shell ] && [ "$after" = "Gi=1,a=q,s=1,v=1,f=24;AAAA" ] && [ "$answer" = "'\\x1b[1;1R'" ]
