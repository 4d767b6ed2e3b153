#!/usr/bin/env bash
# openai 7.59.0, @anthropic-ai/sdk 1.14.0 (npm): after five minutes without a byte, the same answer is asked for again.
#
# The default timeout of both clients is ten minutes, and one can choose a longer one. But they use Node's fetch(),
# which gives up after 300 seconds without the first byte, and an answer that is not streamed has none before it is
# complete. The clients take that for a lost connection, and send the request again, by default twice. So a model that
# thinks for six minutes is asked three times, works for 15 minutes at the usual price, and the caller gets "Request
# timed out". Only that last error of openai tells that `timeout` had no effect. Use `stream: true`, or give the client
# the `fetch` of undici and a dispatcher with a longer `headersTimeout`.
#
# The script takes more than five minutes, with Node.js 20.20.2.
# Expected output: for each client, a request at the start, given up and sent again after about 300 seconds. The script
# fails when nothing is sent again in 330 seconds.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund openai@7.59.0 @anthropic-ai/sdk@1.14.0

cat >test.mjs <<'END'
import {once} from 'node:events';
import http from 'node:http';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const start = Date.now();
const seconds = () => {
	const passed = Math.round((Date.now() - start) / 1000);
	return passed >= 299 && passed < 320 ? 'about 300' : passed < 5 ? 'about 0' : passed;
};
// A model that thinks for longer.
const server = http.createServer((request, response) => {
	request.resume();
	console.log(`${request.url}: request after ${seconds()} seconds`);
	response.on('close', () => console.log(`${request.url}: given up after ${seconds()} seconds`));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;
const openai = new OpenAI({apiKey: 'key', baseURL: url, timeout: 1_200_000});
const anthropic = new Anthropic({apiKey: 'key', baseURL: url, timeout: 1_200_000});
const body = {model: 'm', max_tokens: 100, messages: [{role: 'user', content: '?'}]};
for (const call of [openai.chat.completions.create(body), anthropic.messages.create(body)]) {
	call.catch(error => console.log(error.message));
}
const end = setTimeout(() => process.exit(), 330_000);
let requests = 0;
server.on('request', () => {
	if (++requests === 4) {
		clearTimeout(end);
		setTimeout(() => process.exit(), 1000);
	}
});
END

actual=$(node test.mjs | sort)
echo "$actual"
[ "$actual" = "/chat/completions: given up after about 300 seconds
/chat/completions: request after about 0 seconds
/chat/completions: request after about 300 seconds
/v1/messages: given up after about 300 seconds
/v1/messages: request after about 0 seconds
/v1/messages: request after about 300 seconds" ]
