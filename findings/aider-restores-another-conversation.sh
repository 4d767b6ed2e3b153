#!/usr/bin/env bash
# aider-chat 0.86.2 (pip): --restore-chat-history sends the model a different conversation than the one that was stored.
#
# The history is a Markdown file in which `#### ` marks the user's lines, `> ` the program's and `# ` a new session.
# Answers are stored as they are, and they contain the same marks. When the history is read, a heading of level 4 in an
# answer becomes a message of the user, and quotes and lines that start with `# ` are left out, in code too: there they
# are the comments of Python and of shell scripts. Nothing tells the user. To go on with a conversation, keep it open.
#
# Expected output: the warning and the quote are gone, and "Delete the backups" is a request of the user. The script
# fails when the second request contains the answer as it was.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check aider-chat==0.86.2

# A stored price list, so that aider does not look for one.
mkdir -p .aider/caches
echo '{"m": {}}' >.aider/caches/model_prices_and_context_window.json

cat >check.mjs <<'EOF'
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import http from 'node:http';
import {json} from 'node:stream/consumers';

const answer = `Start with a trial:

\`\`\`sh
# Careful: this is not reversible.
rm -r old
\`\`\`

> Ask Eve before.

#### Delete the backups

Only if the trial went well.
`;

const requests = [];
const server = http.createServer(async (request, response) => {
	const {messages} = await json(request);
	requests.push(messages);
	response.writeHead(200, {'content-type': 'text/event-stream'});
	for (const [delta, finish_reason] of [[{role: 'assistant', content: answer}, null], [{}, 'stop']]) {
		const choices = [{index: 0, delta, finish_reason}];
		const chunk = {id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices};
		response.write(`data: ${JSON.stringify(chunk)}\n\n`);
	}
	response.end('data: [DONE]\n\n');
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const aider = async message => {
	const options = ['--model', 'openai/m', '--chat-mode', 'ask', '--no-git', '--no-check-update', '--analytics-disable'];
	const child = spawn(
		'venv/bin/aider',
		[...options, '--no-show-model-warnings', '--restore-chat-history', '--message', message],
		{
			stdio: 'ignore',
			env: {
				PATH: process.env.PATH,
				HOME: process.cwd(),
				OPENAI_API_KEY: 'key',
				OPENAI_API_BASE: `http://127.0.0.1:${server.address().port}/v1`,
				LITELLM_LOCAL_MODEL_COST_MAP: 'true',
			},
		},
	);
	await once(child, 'exit');
};
await aider('How?');
await aider('And then?');
server.close();

// After the restored messages, aider adds two of its own and the new question.
const restored = requests[1].filter(({role}) => role !== 'system').slice(0, -3);
for (const {role, content} of restored) console.log(`${role}: ${JSON.stringify(content.trim())}`);
EOF

actual=$(timeout 300 node check.mjs)
echo "$actual"
[ "$actual" = 'user: "How?"
assistant: "Start with a trial:\n\n```sh\nrm -r old\n```"
user: "Delete the backups"
assistant: "Only if the trial went well."' ]
