#!/usr/bin/env bash
# @modelcontextprotocol/server-filesystem 2026.8.31 (npm): an edit of one word changes every line of a Windows file.
#
# Lines of Windows files end in CR LF. The tool edit_file takes the CRs away before it looks for the text, and writes
# the file without them. Its answer, and a dry run, show a diff of the two texts without CRs, so the model and the user
# see one changed line. In Git, the whole file is changed: the commit conflicts with everybody else's, and `git blame`
# names the agent for each line. A batch file may stop working. Look at `git diff --stat` after an edit.
#
# Expected output: 1 changed line in the answer, 4 in Git. The script fails when they are the same.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund \
	@modelcontextprotocol/server-filesystem@2026.8.31 @modelcontextprotocol/sdk@1.32.2

mkdir project
printf 'one\r\ntwo\r\nthree\r\nfour\r\n' >project/notes.txt
git init --quiet project
git -C project -c core.autocrlf=false add notes.txt

cat >test.mjs <<'END'
import {realpathSync} from 'node:fs';
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';

const folder = realpathSync('project');
const command = 'node_modules/.bin/mcp-server-filesystem';
const client = new Client({name: 'client', version: '1.0.0'});
await client.connect(new StdioClientTransport({command, args: [folder], stderr: 'ignore'}));
const edits = [{oldText: 'two', newText: '2'}];
const {content} = await client.callTool({name: 'edit_file', arguments: {path: `${folder}/notes.txt`, edits}});
console.log(content[0].text);
await client.close();
END

node test.mjs >answer
actual=$(
	echo "lines changed in the answer: $(grep -c '^+[^+]' answer)"
	echo "lines changed in Git: $(git -C project -c core.autocrlf=false diff --numstat | cut -f1)"
)
echo "$actual"
[ "$actual" = "lines changed in the answer: 1
lines changed in Git: 4" ]
