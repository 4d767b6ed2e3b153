#!/usr/bin/env bash
# @google/gemini-cli 0.61.0 (npm): a reply that the server cuts is requested and printed four times, with status 0.
#
# If the stream ends without a finish reason, `gemini -p` sends the whole prompt again, up to three times, each at the
# usual price. The text of the failed attempts is already in the output and stays there: the answer on stdout starts
# again in the middle, and the `response` of the JSON output holds the same mixture. When the last attempt fails too,
# the program still exits with 0; the error is only on stderr or in another field of the JSON.
#
# Expected output: stdout "The answer The answer The answer The answer", status 0, 4 requests. The script fails when the
# pieces are not repeated, or when the status reports the failure.
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
import http from 'node:http';
import {text} from 'node:stream/consumers';

let requests = 0;
const server = http.createServer((request, response) => {
	request.resume();
	requests++;
	const candidates = [{index: 0, content: {role: 'model', parts: [{text: 'The answer '}]}}];
	response.writeHead(200, {'content-type': 'text/event-stream'});
	response.end(`data: ${JSON.stringify({candidates})}\n\n`);
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const gemini = spawn('node_modules/.bin/gemini', ['--model', 'gemini-2.5-flash', '--prompt', '?'], {
	stdio: ['ignore', 'pipe', 'ignore'],
	env: {
		...process.env,
		HOME: process.cwd(),
		GEMINI_API_KEY: 'key',
		GOOGLE_GEMINI_BASE_URL: `http://127.0.0.1:${server.address().port}`,
	},
});
const status = new Promise(resolve => {
	gemini.on('close', resolve);
});
console.log('stdout:', (await text(gemini.stdout)).trim());
console.log('status:', await status);
console.log('requests:', requests);
server.close();
EOF

actual=$(timeout 300 node check.mjs)
echo "$actual"
[ "$actual" = "stdout: The answer The answer The answer The answer
status: 0
requests: 4" ]
