#!/usr/bin/env bash
# @modelcontextprotocol/server-memory 2026.8.31 (npm): of tool calls that run in parallel, only one is stored.
#
# Models often call several tools in one turn, and clients then send the calls without waiting in between. The memory
# server, one of the reference servers of the protocol, reads its whole file for each call, adds to what it has read, and
# replaces the file. Calls that overlap read the same state, so the last one deletes what the others have added. Each
# call is answered with the entity that it "created", and one client is enough. Call its tools one after the other.
#
# Expected output: three answers without an error, but one entity in the file; three if the client waits for each. The
# script fails when parallel calls are all stored.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/server-memory@2026.8.31 @modelcontextprotocol/sdk@1.32.2

cat >check.mjs <<'EOF'
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';

const run = async (name, callAll) => {
	const client = new Client({name: 'client', version: '1.0.0'});
	const env = {PATH: process.env.PATH, MEMORY_FILE_PATH: `${process.cwd()}/${name}.jsonl`};
	const command = 'node_modules/.bin/mcp-server-memory';
	await client.connect(new StdioClientTransport({command, env, stderr: 'ignore'}));
	const create = async entity => {
		const entities = [{name: entity, entityType: 'person', observations: []}];
		const {isError, structuredContent} = await client.callTool({name: 'create_entities', arguments: {entities}});
		return isError ? 'error' : structuredContent.entities[0].name;
	};
	const answers = await callAll(create, ['Ada', 'Grace', 'Mary']);
	const {structuredContent} = await client.callTool({name: 'read_graph'});
	await client.close();
	console.log(`${name}: ${answers.length} answers (${answers.join(', ')}), ${structuredContent.entities.length} stored`);
};
await run('one after the other', async (create, names) => {
	const answers = [];
	for (const name of names) answers.push(await create(name));
	return answers;
});
await run('parallel', (create, names) => Promise.all(names.map(create)));
EOF

actual=$(timeout 60 node check.mjs)
echo "$actual"
[ "$actual" = "one after the other: 3 answers (Ada, Grace, Mary), 3 stored
parallel: 3 answers (Ada, Grace, Mary), 1 stored" ]
