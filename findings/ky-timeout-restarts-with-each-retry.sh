#!/usr/bin/env bash
# ky 1.14.3: `timeout` starts again with each retry and does not run between retries.
#
# The readme says that `timeout` limits the time for getting a response, "including any retries". The timer, however,
# belongs to a single fetch. A server that answers 503 at once never reaches a limit of 800 ms, however long ky waits
# before it tries again. With a slow server the limit applies to each attempt. To limit the whole call, pass
# AbortSignal.timeout() as `signal`, which does end the wait.
#
# Expected output: with `timeout` three requests and an HTTPError after 2 s; with `signal` one request and a
# TimeoutError. The script fails when `timeout` ends the call before the last retry.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ky@1.14.3

cat >call.mjs <<'EOF'
import http from 'node:http';
import ky from 'ky';

let requests = 0;
const server = http.createServer((request, response) => {
	requests++;
	response.writeHead(503).end();
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}/`;

const call = async (name, limit) => {
	requests = 0;
	const start = Date.now();
	const error = await ky.get(url, {...limit, retry: {limit: 2, delay: () => 1000}}).catch(error => error);
	const late = Date.now() - start >= 2000 ? 'at least 2 s' : 'less than 2 s';
	console.log(`${name}: ${requests} requests, ${error.name} after ${late}`);
};
await call('timeout: 800', {timeout: 800});
await call('signal: 800', {signal: AbortSignal.timeout(800)});
server.close();
EOF

actual=$(node call.mjs)
echo "$actual"
[ "$actual" = "timeout: 800: 3 requests, HTTPError after at least 2 s
signal: 800: 1 requests, TimeoutError after less than 2 s" ]
