#!/usr/bin/env bash
# proper-lockfile 4.1.2 (npm): release() removes the lock of another process, so that two more work at the same time.
#
# A lock that was not refreshed for `stale` milliseconds may be taken by another process. That happens to a process that
# was stopped with Ctrl-Z, to all on a laptop that slept, and in one long calculation. If the first process then goes on
# and releases its lock before its next refresh, release() resolves without an error, and deletes the lock that the
# second one holds. The third gets a lock at once. Only the refresh notices that a lock is lost (`onCompromised`).
#
# The modification time of the lock is set back here, as if the first process had slept for an hour.
# Expected output: "first: released", "second: holds the lock", "third: got the lock". The script fails when release()
# rejects, or when the third process has to wait for the second.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund proper-lockfile@4.1.2

cat >other.mjs <<'EOF'
import lockfile from 'proper-lockfile';

// Holds the lock until it is told to end.
await lockfile.lock('file', {stale: 60_000}).then(
	() => process.send('got the lock'),
	error => process.send(error.code),
);
process.once('message', () => process.exit());
EOF

cat >check.mjs <<'EOF'
import {fork} from 'node:child_process';
import {once} from 'node:events';
import {utimesSync, writeFileSync} from 'node:fs';
import lockfile from 'proper-lockfile';

const start = async name => {
	const child = fork('other.mjs');
	const [message] = await once(child, 'message');
	console.log(`${name}: ${message}`);
	return child;
};
writeFileSync('file', '');
const options = {stale: 60_000, onCompromised: error => console.log(`first: ${error.code}`)};
const release = await lockfile.lock('file', options);
const hourAgo = Date.now() / 1000 - 3600;
utimesSync('file.lock', hourAgo, hourAgo);

const second = await start('second');
await release().then(
	() => console.log('first: released'),
	error => console.log(`first: ${error.code}`),
);
const third = await start('third');
console.log(`second: ${second.exitCode === null ? 'is still at work' : 'ended'}`);
for (const child of [second, third]) child.send('end');
EOF

actual=$(timeout 60 node check.mjs)
echo "$actual"
[ "$actual" = "second: got the lock
first: released
third: got the lock
second: is still at work" ]
