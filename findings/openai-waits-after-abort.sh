#!/usr/bin/env bash
# openai 6.49.0 (npm): an abort has no effect while the client waits for a retry, and `timeout` does not limit the wait.
#
# After a 429 the client sleeps as long as the server's `retry-after` says, without a limit of its own: ten minutes if
# the server asks for ten minutes. The sleep does not look at the caller's AbortSignal. A user who cancels waits until
# the end of it, and only then is the call rejected. @anthropic-ai/sdk 1.14.0, a client with the same options, rejects
# at once. To be able to cancel, set `maxRetries: 0` and retry yourself.
#
# Expected output: openai is rejected 3 s after the abort, anthropic at once, each after one request. The script fails
# when openai is rejected before the wait is over.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund openai@6.49.0 @anthropic-ai/sdk@1.14.0

cat >abort.mjs <<'EOF'
import http from 'node:http';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

let requests = 0;
let controller;
const server = http.createServer((request, response) => {
	request.resume();
	requests++;
	response.writeHead(429, {'retry-after': '4'}).end('{}');
	response.on('close', () => setTimeout(() => controller.abort(), 1000));
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const options = {apiKey: 'key', baseURL: `http://127.0.0.1:${server.address().port}`, timeout: 1000};
const messages = [{role: 'user', content: '?'}];

const abort = async (name, call) => {
	requests = 0;
	controller = new AbortController();
	let aborted;
	controller.signal.addEventListener('abort', () => {
		aborted = Date.now();
	});
	const error = await call(controller.signal).catch(error => error);
	const wait = Date.now() - aborted > 2000 ? 'when the wait was over' : 'at once';
	console.log(`${name}: ${error.constructor.name} ${wait}, ${requests} request`);
};
await abort('openai', signal => new OpenAI(options).chat.completions.create({model: 'm', messages}, {signal}));
await abort('anthropic', signal =>
	new Anthropic(options).messages.create({model: 'm', max_tokens: 9, messages}, {signal}),
);
server.close();
EOF

actual=$(node abort.mjs)
echo "$actual"
[ "$actual" = "openai: APIUserAbortError when the wait was over, 1 request
anthropic: APIUserAbortError at once, 1 request" ]
