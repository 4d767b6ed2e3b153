#!/usr/bin/env bash
# openai 3.57.0 (pip): a stream that contains `retry:`, `id:` or `event:` without data raises a JSONDecodeError.
#
# In server-sent events a block without `data` is valid and dispatches nothing: servers send `retry: 3000` at the start,
# or an `id` or event name alone as a keep-alive. The Python client turns each such block into an event with empty data
# and parses it as JSON. openai 6.49.0 (npm) fails only on `event:`, eventsource-parser 3.1.1 follows the standard.
# Comments (`: ping`) work in all three. A server for these clients should use only comments to keep a stream alive.
#
# Expected output: see the end of the script. It fails when one of these clients treats the blocks differently.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund openai@6.49.0 eventsource-parser@3.1.1
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check openai==3.57.0

# The server puts the first part of the path, decoded, in front of a short reply.
cat >server.mjs <<'EOF'
import http from 'node:http';

const choices = [{index: 0, delta: {content: 'ok'}, finish_reason: 'stop'}];
const chunk = {id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices};
const server = http.createServer((request, response) => {
	request.resume();
	response.writeHead(200, {'content-type': 'text/event-stream'});
	const block = decodeURIComponent(request.url.split('/')[1]);
	response.end(`${block}\n\ndata: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`);
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
EOF

cat >ask.mjs <<'EOF'
import {createParser} from 'eventsource-parser';
import OpenAI from 'openai';

const [, , url] = process.argv;
const show = async (name, read) => console.log(name, await read().catch(error => error.name));
// The client logs what it cannot parse; only the result counts here.
const client = new OpenAI({apiKey: 'key', baseURL: url, logLevel: 'off'});
await show('openai (npm):', async () => {
	let text = '';
	const messages = [{role: 'user', content: '?'}];
	for await (const {choices} of await client.chat.completions.create({model: 'm', messages, stream: true})) {
		text += choices[0].delta.content;
	}
	return text;
});
await show('eventsource-parser:', async () => {
	let text = '';
	const parser = createParser({
		onEvent({data}) {
			if (data !== '[DONE]') text += JSON.parse(data).choices[0].delta.content;
		},
	});
	const response = await fetch(url);
	parser.feed(await response.text());
	return text;
});
EOF

cat >ask.py <<'EOF'
import sys

from openai import OpenAI

client = OpenAI(api_key="key", base_url=sys.argv[1])
messages = [{"role": "user", "content": "?"}]
try:
    stream = client.chat.completions.create(model="m", messages=messages, stream=True)
    print("openai (pip):", *(chunk.choices[0].delta.content for chunk in stream))
except Exception as error:
    print("openai (pip):", type(error).__name__)
EOF

exec 3< <(exec node server.mjs)
server=$!
trap 'kill "$server"; rm -rf "$dir"' EXIT
read -r port <&3

actual=$(
  for block in ': ping' 'retry: 3000' 'id: 7' 'event: ping'; do
    echo "[$block]"
    url="http://127.0.0.1:$port/${block// /%20}"
    venv/bin/python ask.py "$url"
    node ask.mjs "$url"
  done
)
echo "$actual"
[ "$actual" = "[: ping]
openai (pip): ok
openai (npm): ok
eventsource-parser: ok
[retry: 3000]
openai (pip): JSONDecodeError
openai (npm): ok
eventsource-parser: ok
[id: 7]
openai (pip): JSONDecodeError
openai (npm): ok
eventsource-parser: ok
[event: ping]
openai (pip): JSONDecodeError
openai (npm): SyntaxError
eventsource-parser: ok" ]
