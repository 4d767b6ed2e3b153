#!/usr/bin/env bash
# @openai/codex 0.171.0 (npm): if a reply is cut just after the answer, codex asks again and prints the second text.
#
# The Responses API sends `response.output_item.done` with the complete answer, and then `response.completed`. If the
# stream ends between the two, codex keeps the answer, but repeats the request, with that answer as the last message.
# So the model is asked to go on after its own answer, at the price of the whole prompt. `codex exec` prints only the
# last text on stdout, which is now a remark such as "Anything else?". The status is 0, and both texts stay in the
# session.
#
# Expected output: two requests, the second with the answer; stdout "Anything else?"; a resumed session with both texts.
# The script fails when stdout has the answer, or when the second request does not contain it.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @openai/codex@0.171.0
mkdir home project

cat >check.mjs <<'EOF'
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import http from 'node:http';
import {json, text} from 'node:stream/consumers';

// Cuts the first reply after the answer is complete. Like a model, says little after an answer of its own.
const requests = [];
const server = http.createServer(async (request, response) => {
	if (request.method !== 'POST') {
		response.writeHead(404).end();
		return;
	}
	const {input} = await json(request);
	// Before the question, codex sends instructions and a description of the folder.
	const texts = input.map(({content}) => content.map(part => part.text).join(''));
	requests.push(texts.slice(texts.indexOf('6 * 7?')));

	const id = `r${requests.length}`;
	const content = [{type: 'output_text', text: input.at(-1).role === 'user' ? '42' : 'Anything else?'}];
	const item = {type: 'message', role: 'assistant', id: `m${requests.length}`, content};
	const usage = {input_tokens: 1, output_tokens: 1, total_tokens: 2};
	const events = [
		{type: 'response.created', response: {id}},
		{type: 'response.output_item.done', item},
		{type: 'response.completed', response: {id, usage}},
	];
	if (requests.length === 1) events.pop();
	response.writeHead(200, {'content-type': 'text/event-stream'});
	for (const event of events) response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
	response.end();
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

writeFileSync(
	'home/config.toml',
	`model = "m"
model_provider = "local"
[model_providers.local]
name = "local"
base_url = "http://127.0.0.1:${server.address().port}/v1"
env_key = "KEY"
wire_api = "responses"
`,
);
const codex = async (...args) => {
	const child = spawn('../node_modules/.bin/codex', ['exec', '--skip-git-repo-check', ...args], {
		cwd: 'project',
		stdio: ['ignore', 'pipe', 'ignore'],
		env: {PATH: process.env.PATH, HOME: process.cwd(), CODEX_HOME: `${process.cwd()}/home`, KEY: 'key'},
	});
	const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
	return `${output.trim()} (status ${status})`;
};
console.log(`stdout: ${await codex('6 * 7?')}`);
await codex('resume', '--last', 'next');
server.close();
for (const texts of requests) console.log(`request: ${texts.join(' | ')}`);
EOF

actual=$(timeout 200 node check.mjs)
echo "$actual"
[ "$actual" = "stdout: Anything else? (status 0)
request: 6 * 7?
request: 6 * 7? | 42
request: 6 * 7? | 42 | Anything else? | next" ]
