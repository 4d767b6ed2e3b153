#!/usr/bin/env bash
# @google/genai 3.3.0 (npm), google-genai 3.6.1 (pip): a chat forgets what it was told if a stream ends in two steps.
#
# A Chat object sends the earlier messages with each new one. Gemini sometimes ends a stream with a chunk that has only
# the finish reason, after the last text. The SDKs take a chunk without text for a refused answer, and then leave the
# whole exchange out of what they send: the question, and the answer that the user has read. The next question goes to a
# model that knows nothing of it, without an error. getHistory() still lists both; getHistory(true), in Python
# get_history(curated=True), shows what is sent. Keep the messages yourself and call generateContentStream().
#
# Expected output: the second request has all three messages if the reason comes with the text, otherwise only the last.
# The script fails when the exchange is sent in both cases.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @google/genai@3.3.0
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check google-genai==3.6.1

cat >chat.mjs <<'END'
import {GoogleGenAI} from '@google/genai';

const ai = new GoogleGenAI({apiKey: 'key', httpOptions: {baseUrl: process.argv[2]}});
const chat = ai.chats.create({model: 'gemini-2.5-flash'});
for (const message of ['My name is Ada.', 'What is my name?']) {
	for await (const chunk of await chat.sendMessageStream({message})) void chunk.text;
}
END
cat >chat.py <<'END'
import sys

from google import genai

client = genai.Client(api_key="key", http_options={"base_url": sys.argv[1]})
chat = client.chats.create(model="gemini-2.5-flash")
for message in "My name is Ada.", "What is my name?":
    for chunk in chat.send_message_stream(message):
        chunk.text
END

cat >test.mjs <<'END'
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import http from 'node:http';
import {json} from 'node:stream/consumers';

let alone;
let messages;
const server = http.createServer(async (request, response) => {
	({contents: messages} = await json(request));
	const content = {role: 'model', parts: [{text: 'Hello Ada.'}]};
	const finishReason = 'STOP';
	const last = alone ? [{content}, {content: {role: 'model'}, finishReason}] : [{content, finishReason}];
	response.setHeader('content-type', 'text/event-stream');
	for (const part of last) response.write(`data: ${JSON.stringify({candidates: [{index: 0, ...part}]})}\n\n`);
	response.end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}`;
for (const command of [['node', 'chat.mjs'], ['venv/bin/python', 'chat.py']]) {
	for (alone of [false, true]) {
		const [status] = await once(spawn(command[0], [command[1], url], {stdio: ['ignore', 'ignore', 'inherit']}), 'close');
		const reason = alone ? 'reason alone' : 'reason with text';
		const texts = messages.map(({parts}) => (parts ?? []).map(({text}) => text).join('')).filter(Boolean);
		console.log(`${command[1]}, ${reason}: status ${status}, sends "${texts.join(' ')}"`);
	}
}
server.close();
END

actual=$(node test.mjs)
echo "$actual"
[ "$actual" = 'chat.mjs, reason with text: status 0, sends "My name is Ada. Hello Ada. What is my name?"
chat.mjs, reason alone: status 0, sends "What is my name?"
chat.py, reason with text: status 0, sends "My name is Ada. Hello Ada. What is my name?"
chat.py, reason alone: status 0, sends "What is my name?"' ]
