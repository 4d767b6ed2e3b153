#!/usr/bin/env bash
# Node.js 20.20.2: after Ctrl-Z and fg, setRawMode(true) does nothing and isRaw is wrong.
#
# When a program is stopped, the shell takes the terminal back and resets its modes. On SIGCONT, a program wants its raw
# mode again. But Node compares the wish only with its own record of the mode, not with the terminal: isRaw is still
# true, setRawMode(true) returns without a system call, and keys are echoed and arrive by the line. The program has to
# call setRawMode(false) first.
#
# A Python program plays the shell here: it stops Node, resets the terminal and continues Node.
# Expected output: "setRawMode(true): isRaw true, terminal raw False", then True with setRawMode(false) first. The
# script fails when setRawMode(true) alone makes the terminal raw.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >raw.mjs <<'EOF'
const [, , first] = process.argv;
process.stdin.setRawMode(true);
process.stdin.resume();
process.on('SIGCONT', () => {
	if (first === 'false') process.stdin.setRawMode(false);
	process.stdin.setRawMode(true);
	console.log(`<isRaw ${process.stdin.isRaw}>`);
});
console.log('<ready>');
EOF

cat >shell.py <<'EOF'
import os
import pty
import re
import signal
import subprocess
import termios


def read_until(master, pattern):
    text = ""
    while not (match := re.search(pattern, text)):
        text += os.read(master, 1024).decode()
    return match[1]


def is_raw(master):
    return not termios.tcgetattr(master)[3] & termios.ICANON


def run(name, *args):
    master, slave = pty.openpty()
    cooked = termios.tcgetattr(slave)
    node = subprocess.Popen(["node", "raw.mjs", *args], stdin=slave, stdout=slave, start_new_session=True)
    read_until(master, "<(ready)>")
    assert is_raw(master)
    node.send_signal(signal.SIGSTOP)
    os.waitpid(node.pid, os.WUNTRACED)
    termios.tcsetattr(slave, termios.TCSANOW, cooked)
    node.send_signal(signal.SIGCONT)
    state = read_until(master, "<(isRaw .*)>")
    print(f"{name}: {state}, terminal raw {is_raw(master)}")
    node.kill()
    node.wait()


run("setRawMode(true)")
run("setRawMode(false), setRawMode(true)", "false")
EOF

node --version
actual=$(python3 shell.py)
echo "$actual"
[ "$actual" = "setRawMode(true): isRaw true, terminal raw False
setRawMode(false), setRawMode(true): isRaw true, terminal raw True" ]
