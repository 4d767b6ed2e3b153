#!/usr/bin/env bash
# openai 6.49.0 (npm): the stream() helper joins the pieces of `content` but keeps only the last piece of the reasoning.
#
# Many servers with an OpenAI-compatible API stream a model's thoughts as `delta.reasoning_content`, in pieces like
# `content`. The JavaScript helper copies fields that it does not know onto the message with Object.assign(), so that
# each piece replaces the one before. The Python helper of the same project, openai 3.57.0, joins them. Join the pieces
# yourself, from the chunks.
#
# Expected output: javascript "three", python "one two three". The script fails when both return the same.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund openai@6.49.0
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check openai==3.57.0

cat >server.mjs <<'EOF'
import http from 'node:http';

const deltas = [
	[{role: 'assistant', content: ''}, null],
	[{reasoning_content: 'one '}, null],
	[{reasoning_content: 'two '}, null],
	[{reasoning_content: 'three'}, null],
	[{content: 'The '}, null],
	[{content: 'answer'}, null],
	[{}, 'stop'],
];
const server = http.createServer((request, response) => {
	request.resume();
	response.writeHead(200, {'content-type': 'text/event-stream'});
	for (const [delta, finish_reason] of deltas) {
		const choices = [{index: 0, delta, finish_reason}];
		const chunk = {id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices};
		response.write(`data: ${JSON.stringify(chunk)}\n\n`);
	}
	response.end('data: [DONE]\n\n');
});
server.listen(0, '127.0.0.1', () => {
	console.log(server.address().port);
});
EOF

cat >ask.mjs <<'EOF'
import OpenAI from 'openai';

const client = new OpenAI({apiKey: 'key', baseURL: process.argv[2]});
const stream = client.chat.completions.stream({model: 'm', messages: [{role: 'user', content: '?'}]});
const {message} = (await stream.finalChatCompletion()).choices[0];
console.log(`${message.reasoning_content} | ${message.content}`);
EOF

cat >ask.py <<'EOF'
import sys

from openai import OpenAI

client = OpenAI(api_key="key", base_url=sys.argv[1])
with client.chat.completions.stream(model="m", messages=[{"role": "user", "content": "?"}]) as stream:
    message = stream.get_final_completion().choices[0].message
print(message.reasoning_content, "|", message.content)
EOF

exec 3< <(exec node server.mjs)
server=$!
trap 'kill "$server"; rm -rf "$dir"' EXIT
read -r port <&3

javascript=$(node ask.mjs "http://127.0.0.1:$port/v1")
python=$(venv/bin/python ask.py "http://127.0.0.1:$port/v1")
echo "javascript: $javascript"
echo "python: $python"
[ "$javascript" = "three | The answer" ] && [ "$python" = "one two three | The answer" ]
