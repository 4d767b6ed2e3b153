#!/usr/bin/env bash
# @google/gemini-cli 0.61.0 (npm): two processes that continue one session send both questions as a single message.
#
# While one `gemini --resume latest -p` waits for its answer, another continues the same session, for example in a
# second terminal. There is no lock and no warning. The second process finds the open question at the end of the
# session and puts its own directly behind it, without a space: the model gets "slowquick" as one question. Later the
# two answers are joined in the same way, so that the history has one question and one answer instead of two of each.
#
# Expected output: one line for the messages of each request. The third ends with "slowquick", the fourth with
# "slowquick, okok, next". The script fails when the messages stay separate, or when the second process is refused.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @google/gemini-cli@0.61.0

mkdir .gemini
cat >.gemini/settings.json <<'EOF'
{
	"security": {"auth": {"selectedType": "gemini-api-key"}, "folderTrust": {"enabled": false}},
	"privacy": {"usageStatisticsEnabled": false},
	"general": {"enableAutoUpdate": false, "enableAutoUpdateNotification": false}
}
EOF

cat >check.mjs <<'EOF'
import {spawn} from 'node:child_process';
import {EventEmitter, once} from 'node:events';
import http from 'node:http';
import {json} from 'node:stream/consumers';

// Answers "ok" to each request, but to "slow" only after "quick" has been answered.
const requests = [];
const events = new EventEmitter();
const slowArrived = once(events, 'slow arrived');
const quickFinished = once(events, 'quick finished');
const server = http.createServer(async (request, response) => {
	const {contents} = await json(request);
	// The first message also has a description of the folder, which ends with a tag.
	const messages = contents.map(({parts}) => {
		const text = parts.map(part => part.text).join('');
		return text.replace(/^[^]*<\/session_context>/, '');
	});
	requests.push(messages);
	if (messages.at(-1) === 'slow') {
		events.emit('slow arrived');
		await quickFinished;
	}
	const candidates = [{index: 0, content: {role: 'model', parts: [{text: 'ok'}]}, finishReason: 'STOP'}];
	response.writeHead(200, {'content-type': 'text/event-stream'});
	response.end(`data: ${JSON.stringify({candidates})}\n\n`);
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const gemini = async (...args) => {
	const child = spawn('node_modules/.bin/gemini', ['--model', 'gemini-2.5-flash', ...args], {
		stdio: 'ignore',
		env: {
			...process.env,
			HOME: process.cwd(),
			GEMINI_API_KEY: 'key',
			GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${server.address().port}`,
		},
	});
	const [status] = await once(child, 'exit');
	if (status !== 0) console.log(`${args.join(' ')}: status ${status}`);
};
await gemini('--prompt', 'first');
const slow = gemini('--resume', 'latest', '--prompt', 'slow');
await slowArrived;
await gemini('--resume', 'latest', '--prompt', 'quick');
events.emit('quick finished');
await slow;
await gemini('--resume', 'latest', '--prompt', 'next');
server.close();
for (const messages of requests) console.log(messages.join(', '));
EOF

actual=$(timeout 300 node check.mjs)
echo "$actual"
[ "$actual" = "first
first, ok, slow
first, ok, slowquick
first, ok, slowquick, okok, next" ]
