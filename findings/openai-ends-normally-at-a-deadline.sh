#!/usr/bin/env bash
# openai 7.59.0, @anthropic-ai/sdk 1.14.0 (npm): a reply that is not complete at the caller's deadline ends normally.
#
# `AbortSignal.timeout()` limits how long a call may take, and everything in Node that takes a signal rejects when it is
# over: fetch(), pipeline(), events.on(). With `stream: true`, these clients take any abort for a deliberate end of the
# loop. So `for await` ends as after a complete reply, and the half that has arrived is stored, or parsed, or sent on.
# No error names the deadline. The stream() helpers do reject. After a loop, call `signal.throwIfAborted()`.
#
# Expected output: create() "half of the reply, no error" for both clients, stream() and fetch() an error. The script
# fails when a loop over create() throws.
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

const text = 'half of the reply';
const usage = {input_tokens: 1, output_tokens: 1};
const message = {id: 'm', type: 'message', role: 'assistant', model: 'm', content: [], stop_reason: null, usage};
const choices = [{index: 0, delta: {role: 'assistant', content: text}, finish_reason: null}];
const events = {
	'/v1/messages': [
		{type: 'message_start', message},
		{type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}},
		{type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text}},
	],
	'/v1/chat/completions': [{id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices}],
};
// The other half never comes.
const server = http.createServer((request, response) => {
	request.resume();
	response.setHeader('content-type', 'text/event-stream');
	for (const event of events[request.url]) {
		response.write(`${event.type ? `event: ${event.type}\n` : ''}data: ${JSON.stringify(event)}\n\n`);
	}
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;
const openai = new OpenAI({apiKey: 'key', baseURL: `${url}/v1`});
const anthropic = new Anthropic({apiKey: 'key', baseURL: url});
const body = {model: 'm', max_tokens: 9, messages: [{role: 'user', content: '?'}]};

const calls = {
	'openai create()': signal => openai.chat.completions.create({...body, stream: true}, {signal}),
	'openai stream()': signal => openai.chat.completions.stream(body, {signal}),
	'anthropic create()': signal => anthropic.messages.create({...body, stream: true}, {signal}),
	'anthropic stream()': signal => anthropic.messages.stream(body, {signal}),
	'fetch()': async signal => (await fetch(`${url}/v1/chat/completions`, {method: 'POST', signal})).body,
};
for (const [name, call] of Object.entries(calls)) {
	let received = '';
	let end = 'no error';
	try {
		for await (const event of await call(AbortSignal.timeout(1500))) {
			received += event.choices?.[0].delta.content ?? event.delta?.text ?? '';
			if (event instanceof Uint8Array) received += text;
		}
	} catch {
		end = 'an error';
	}
	console.log(`${name}: ${received}, ${end}`);
}
server.closeAllConnections();
server.close();
END

actual=$(node test.mjs)
echo "$actual"
[ "$actual" = "openai create(): half of the reply, no error
openai stream(): half of the reply, an error
anthropic create(): half of the reply, no error
anthropic stream(): half of the reply, an error
fetch(): half of the reply, an error" ]
