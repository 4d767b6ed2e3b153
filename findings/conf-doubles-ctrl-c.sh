#!/usr/bin/env bash
# conf 15.1.0 (through atomically and when-exit 2): a program that imports conf sees one SIGINT twice.
#
# when-exit registers a one-time listener for SIGINT as soon as it is imported. The listener runs its callbacks and then
# sends the same signal to the process again, so that the default action follows. If the program has its own listener,
# that listener runs a second time. A program that says "press Ctrl-C again to exit" therefore exits on the first press.
#
# Expected output: "without conf: 1", "with conf: 2". The script fails when that changes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund conf@15.1.0

cat >count.mjs <<'EOF'
const [, , library] = process.argv;
if (library) await import(library);
let count = 0;
process.on('SIGINT', () => count++);
setTimeout(() => process.kill(process.pid, 'SIGINT'), 100);
setTimeout(() => console.log(count), 1000);
EOF

without=$(node count.mjs)
with=$(node count.mjs conf)
echo "without conf: $without"
echo "with conf: $with"
[ "$without" = 1 ] && [ "$with" = 2 ]
