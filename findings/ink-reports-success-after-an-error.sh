#!/usr/bin/env bash
# ink 6.8.0 (npm): a component that throws ends the program with status 0 and prints the error to stdout.
#
# render() catches the error of a component, draws a report with the stack in place of the interface and unmounts. It
# does not throw, not even for the first render, and no error reaches Node. Only the promise of waitUntilExit() rejects,
# and the readme suggests that call just for running code afterwards. A script that checks the status of the program
# takes the failure for success, and one that reads its output gets the stack instead. Always await waitUntilExit().
#
# Expected output: status 0 with the error only on stdout after render(), and status 1 with the error also on stderr
# after waitUntilExit(). The script fails when render() alone gives another status.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ink@6.8.0 react@19.2.0

cat >app.mjs <<'EOF'
import {createElement} from 'react';
import {render} from 'ink';

const App = () => {
	throw new Error('boom');
};
const app = render(createElement(App));
if (process.argv[2]) await app.waitUntilExit();
EOF

run() {
  status=0
  node app.mjs "$@" >stdout 2>stderr || status=$?
  echo "status $status, errors on stdout: $(grep -c 'ERROR.*boom' stdout), on stderr: $(grep -c 'Error: boom' stderr)"
}
only=$(run)
waits=$(run wait)
echo "render() only: $only"
echo "waitUntilExit(): $waits"
[ "$only" = "status 0, errors on stdout: 1, on stderr: 0" ]
[ "$waits" = "status 1, errors on stdout: 1, on stderr: 1" ]
