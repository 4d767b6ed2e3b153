#!/usr/bin/env bash
# opencode-ai 1.18.33 (npm): a complete answer without a finish reason is paid for again and again, without a limit.
#
# The last chunk of a chat completion says why it ended, and `[DONE]` ends the stream. Some servers with the format of
# OpenAI leave out the reason, and a connection that is lost does, too. opencode then takes the answer for a step of its
# work, and sends a request with that answer as the last message. If the next one has no reason either, it goes on, with
# a longer prompt each time, until somebody stops it. It prints all the answers, without a note. The status is 0.
#
# The server here gives a reason after ten answers.
# Expected output: one question leads to 10 requests and 10 printed answers, the last request has 1 question and 9
# answers; with the reason 1 request. The script fails when fewer than 10 requests are made.
set -euo pipefail

dir=$(mktemp -d)
# opencode creates this folder whatever TMPDIR is.
trap 'rm -rf "$dir"; rmdir /tmp/opencode 2>/dev/null || true' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund opencode-ai@1.18.33
mkdir home project

cat >check.mjs <<'EOF'
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import http from 'node:http';
import {json, text} from 'node:stream/consumers';

// Answers "42". Only from the given request on, it says that this is the end.
let requests;
let firstReason;
const server = http.createServer(async (request, response) => {
	if (request.method !== 'POST') {
		response.writeHead(404).end();
		return;
	}
	const {messages} = await json(request);
	response.writeHead(200, {'content-type': 'text/event-stream'});
	const send = (delta, reason) => {
		const choices = [{index: 0, delta, finish_reason: reason}];
		response.write(`data: ${JSON.stringify({id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices})}\n\n`);
	};
	// Another request asks for a title of the conversation.
	const isTitle = messages.some(({content}) => String(content).includes('title for this conversation'));
	if (!isTitle) requests.push(messages.map(({role}) => role).filter(role => role !== 'system'));
	send({role: 'assistant', content: '42'}, null);
	if (isTitle || requests.length >= firstReason) send({}, 'stop');
	response.end('data: [DONE]\n\n');
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const local = {
	npm: '@ai-sdk/openai-compatible',
	name: 'local',
	options: {baseURL: `http://127.0.0.1:${server.address().port}/v1`, apiKey: 'key'},
	models: {m: {name: 'm'}},
};
writeFileSync('project/opencode.json', JSON.stringify({model: 'local/m', small_model: 'local/m', provider: {local}}));
// It also leaves files in the folder for temporary files.
const env = {PATH: process.env.PATH, HOME: `${process.cwd()}/home`, TMPDIR: process.cwd()};
for (const name of ['AUTOUPDATE', 'MODELS_FETCH', 'DEFAULT_PLUGINS', 'LSP_DOWNLOAD']) env[`OPENCODE_DISABLE_${name}`] = '1';

for (firstReason of [1, 10]) {
	requests = [];
	const stdio = ['ignore', 'pipe', 'ignore'];
	const child = spawn('../node_modules/.bin/opencode', ['run', '6 * 7?'], {cwd: 'project', env, stdio});
	const [output, [status]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
	const count = role => requests.at(-1).filter(other => other === role).length;
	console.log(`reason in answer ${firstReason}: ${requests.length} requests, status ${status}`);
	console.log(`  printed: ${output.trim().replaceAll('\n', ' ')}`);
	console.log(`  last request: ${count('user')} question, ${count('assistant')} answers`);
}
server.close();
EOF

actual=$(timeout 300 node check.mjs)
echo "$actual"
[ "$actual" = "reason in answer 1: 1 requests, status 0
  printed: 42
  last request: 1 question, 0 answers
reason in answer 10: 10 requests, status 0
  printed: 42 42 42 42 42 42 42 42 42 42
  last request: 1 question, 9 answers" ]
