#!/usr/bin/env bash
# ai 7.0.173 (npm): the longer a server asks to wait, the sooner it is asked again: from 60 seconds, after 2 seconds.
#
# After a 429, generateText() waits as long as the Retry-After header says, but only if that is less than a minute.
# Otherwise it uses its own pauses of 2 and 4 seconds instead. So a server that is busy for a moment gets its pause, but
# one with a limit per hour or per day gets three requests in six seconds. Set `maxRetries: 0` and read the header
# yourself.
#
# Expected output: "59: 1 request, waiting" and "60: 3 requests, RetryError", and the same for 3600. The script fails
# when 59 is not kept, or when 60 is.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ai@7.0.173 @ai-sdk/openai-compatible@3.0.92

cat >check.mjs <<'EOF'
import http from 'node:http';
import {createOpenAICompatible} from '@ai-sdk/openai-compatible';
import {generateText} from 'ai';

// The path says how long to wait.
const requests = {59: 0, 60: 0, 3600: 0};
const server = http.createServer((request, response) => {
	const seconds = request.url.split('/')[1];
	requests[seconds]++;
	request.resume();
	response.writeHead(429, {'retry-after': seconds, 'content-type': 'application/json'});
	response.end('{"error": {"message": "Too many requests"}}');
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const stop = new AbortController();
const ask = async seconds => {
	const baseURL = `http://127.0.0.1:${server.address().port}/${seconds}`;
	const model = createOpenAICompatible({name: 'local', baseURL, apiKey: 'key'})('m');
	const error = await generateText({model, prompt: 'Hello', abortSignal: stop.signal}).catch(error => error);
	const outcome = stop.signal.aborted ? 'waiting' : error.name.replace('AI_', '');
	return `${seconds}: ${requests[seconds]} request${requests[seconds] > 1 ? 's' : ''}, ${outcome}`;
};
const first = ask(59);
const others = await Promise.all([ask(60), ask(3600)]);
stop.abort();
console.log([await first, ...others].join('\n'));
server.close();
EOF

actual=$(timeout 100 node check.mjs)
echo "$actual"
[ "$actual" = "59: 1 request, waiting
60: 3 requests, RetryError
3600: 3 requests, RetryError" ]
