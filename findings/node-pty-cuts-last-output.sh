#!/usr/bin/env bash
# @lydell/node-pty 1.1.0 (Linux): the end of a program's output is lost if the program ends while Node is busy.
#
# A program prints 5,000 bytes to its terminal and ends. The kernel keeps the bytes, and Python's pty module reads all
# of them later. node-pty delivers one read of 4,095 bytes and then calls onExit, without an error: Node takes a hang-up
# after a read that did not fill its 64 KB buffer for the end, but one read of a terminal returns at most 4,095 bytes.
# The answer of a short command can thus be cut only because the parent parsed or drew something at the wrong moment.
#
# Expected output: "python: 5000 bytes", "node-pty: 4095 bytes, exit code 0". The script fails when node-pty reads all.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @lydell/node-pty@1.1.0

cat >program.sh <<'EOF'
head -c 5000 /dev/zero | tr '\0' x
touch "$1"
EOF

cat >read.py <<'EOF'
import os, pty, time

pid, master = pty.fork()
if pid == 0:
    os.execvp("sh", ["sh", "program.sh", "python-done"])
while not os.path.exists("python-done"):
    time.sleep(0.05)
time.sleep(0.5)
size = 0
try:
    while data := os.read(master, 65536):
        size += len(data)
except OSError:
    pass  # Linux reports the end of a terminal as EIO.
print(size)
EOF

cat >read.mjs <<'EOF'
import {existsSync} from 'node:fs';
import pty from '@lydell/node-pty';

const sleep = milliseconds => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
const program = pty.spawn('sh', ['program.sh', 'node-done'], {cwd: process.cwd()});
let size = 0;
program.onData(data => {
	size += data.length;
});
const exit = new Promise(resolve => {
	program.onExit(resolve);
});

// Node is busy until the program has ended.
while (!existsSync('node-done')) sleep(50);
sleep(500);

const {exitCode} = await exit;
setTimeout(() => console.log(size, exitCode), 500);
EOF

python=$(python3 read.py)
read -r node code < <(node read.mjs)
echo "python: $python bytes"
echo "node-pty: $node bytes, exit code $code"
[ "$python" = 5000 ] && [ "$node" -lt 5000 ] && [ "$code" = 0 ]
