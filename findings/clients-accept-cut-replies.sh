#!/usr/bin/env bash
# openai 6.49.0, @anthropic-ai/sdk 1.14.0 (npm), llm 0.36 (pip): a reply that the server cut looks complete.
#
# A chat completion ends with a `finish_reason` and `[DONE]`, a message with `message_stop`. If a server or proxy ends
# the response before, but closes the body correctly, a loop over the stream ends without an error in all three
# clients. openai's own stream() helper rejects the same response, but Anthropic's stream() helper ends a loop normally
# and rejects only finalMessage(). llm exits with 0 and stores the first half as the answer, with which `llm -c`
# continues.
#
# Expected output: see the end of the script. It fails when a loop throws, or when llm reports the cut.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund openai@6.49.0 @anthropic-ai/sdk@1.14.0
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check llm==0.36 openai==3.57.0

cat >check.mjs <<'EOF'
import {execFile} from 'node:child_process';
import {mkdirSync, writeFileSync} from 'node:fs';
import http from 'node:http';
import {promisify} from 'node:util';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const message = {id: 'm', type: 'message', role: 'assistant', content: [], model: 'm', stop_reason: null, usage: {}};
const messageEvents = [
	{type: 'message_start', message},
	{type: 'content_block_start', index: 0, content_block: {type: 'text', text: ''}},
	{type: 'content_block_delta', index: 0, delta: {type: 'text_delta', text: 'Yes, but'}},
];
const choice = {index: 0, delta: {role: 'assistant', content: 'Yes, but'}, finish_reason: null};
const completion = {id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [choice]};

const server = http.createServer((request, response) => {
	request.resume();
	response.writeHead(200, {'content-type': 'text/event-stream'});
	if (request.url.endsWith('/chat/completions')) {
		response.write(`data: ${JSON.stringify(completion)}\n\n`);
	} else {
		for (const event of messageEvents) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
	}
	response.end();
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;

const show = async (name, read) => {
	const result = await read().catch(error => `rejected: ${error.message}`);
	console.log(`${name}: ${result}`);
};
const messages = [{role: 'user', content: '?'}];

const openai = new OpenAI({apiKey: 'key', baseURL: `${url}/v1`, maxRetries: 0});
await show('openai create', async () => {
	let text = '';
	for await (const chunk of await openai.chat.completions.create({model: 'm', messages, stream: true})) {
		text += chunk.choices[0].delta.content;
	}
	return text;
});
await show('openai stream', () => openai.chat.completions.stream({model: 'm', messages}).finalContent());

const anthropic = new Anthropic({apiKey: 'key', baseURL: url, maxRetries: 0});
const request = {model: 'm', max_tokens: 9, messages};
const readText = async events => {
	let text = '';
	for await (const event of events) text += event.delta?.text ?? '';
	return text;
};
await show('anthropic create', async () => readText(await anthropic.messages.create({...request, stream: true})));
await show('anthropic stream', async () => readText(anthropic.messages.stream(request)));
await show('anthropic finalMessage', async () => anthropic.messages.stream(request).finalMessage());

mkdirSync('llm');
writeFileSync('llm/extra-openai-models.yaml', `- {model_id: m, model_name: m, api_base: "${url}/v1"}\n`);
const llm = async (...args) => {
	const env = {...process.env, LLM_USER_PATH: 'llm'};
	const run = promisify(execFile)('venv/bin/llm', args, {env});
	run.child.stdin.end();
	return (await run).stdout.trim();
};
await show('llm', () => llm('--model', 'm', '?'));
await show('llm logs', () => llm('logs', '--response'));
server.close();
EOF

actual=$(node check.mjs)
echo "$actual"
[ "$actual" = "openai create: Yes, but
openai stream: rejected: missing finish_reason for choice 0
anthropic create: Yes, but
anthropic stream: Yes, but
anthropic finalMessage: rejected: stream ended without producing a Message with role=assistant
llm: Yes, but
llm logs: Yes, but" ]
