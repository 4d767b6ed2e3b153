#!/usr/bin/env bash
# aider-chat 0.86.2 (pip): a reply that the server cut replaces the whole file by its first half, and that is committed.
#
# For a model that it does not know, aider asks for whole files in code blocks. If the reply ends inside such a block,
# without the closing line and without a finish reason, the block counts as complete: aider writes what has arrived over
# the file, commits it, and exits with 0. The rest of the file is deleted. Look at the commit before you go on.
#
# Expected output: "Applied edit to notes.txt", 6 lines before, 2 lines after, "Clean up" as the last commit. The script
# fails when the file is kept, or when aider reports the cut.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check aider-chat==0.86.2

# A stored price list, so that aider does not look for one.
mkdir -p home/.aider/caches
echo '{"m": {}}' >home/.aider/caches/model_prices_and_context_window.json

mkdir project
printf '%s\n' one two three four five six >project/notes.txt
export HOME=$dir/home
git config --global user.name Ada
git config --global user.email ada@example.com
git -C project init --quiet
git -C project add notes.txt
git -C project commit --quiet --message Start
echo "before: $(grep -c '' project/notes.txt) lines"

cat >server.mjs <<'EOF'
import http from 'node:http';
import {json} from 'node:stream/consumers';

const object = 'chat.completion';
const server = http.createServer(async (request, response) => {
	const {stream} = await json(request);
	if (!stream) {
		// The message of the commit.
		const choices = [{index: 0, message: {role: 'assistant', content: 'Clean up'}, finish_reason: 'stop'}];
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({id: 'c', object, created: 1, model: 'm', choices}));
		return;
	}
	const delta = {role: 'assistant', content: 'notes.txt\n```\nOne\nTwo\n'};
	const choices = [{index: 0, delta, finish_reason: null}];
	response.setHeader('content-type', 'text/event-stream');
	response.end(`data: ${JSON.stringify({id: 'c', object: `${object}.chunk`, created: 1, model: 'm', choices})}\n\n`);
});
server.listen(0, '127.0.0.1', () => {
	console.log(server.address().port);
});
EOF
exec 3< <(exec node server.mjs)
server=$!
trap 'kill "$server"; rm -rf "$dir"' EXIT
read -r port <&3

cd project
export OPENAI_API_KEY=key OPENAI_API_BASE="http://127.0.0.1:$port/v1" LITELLM_LOCAL_MODEL_COST_MAP=true
timeout 200 ../venv/bin/aider --model openai/m --no-check-update --analytics-disable --no-show-model-warnings \
	--no-gitignore --no-pretty --message 'Capitalize each line.' notes.txt </dev/null >../output 2>/dev/null
grep 'Applied edit' ../output
echo "after: $(grep -c '' notes.txt) lines"
git log -1 --format='last commit: %s'
[ "$(cat notes.txt)" = "One
Two" ]
[ "$(git log --format=%s)" = "Clean up
Start" ]
[ -z "$(git status --porcelain --untracked-files=no)" ]
