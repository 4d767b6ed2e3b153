#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2 (npm): a stdio server does not notice that its client is gone, and tools run on.
#
# The client of a stdio server disconnects by closing the server's stdin, also when it is killed. StdioServerTransport
# does not listen for that end: onclose is not called, and the AbortSignal of the running tool is not aborted. The tool
# works until it is done, for nobody, and a server with a timer or a socket of its own never ends. To stop, close the
# server when `process.stdin` emits "end".
#
# Expected output: "tool finished" by default; "closed, tool aborted" in a server that listens for "end". The script
# fails when the default server notices the end.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2

cat >server.mjs <<'EOF'
import {once} from 'node:events';
import {setTimeout as sleep} from 'node:timers/promises';
import {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js';
import {StdioServerTransport} from '@modelcontextprotocol/sdk/server/stdio.js';

const [, , listens] = process.argv;
const server = new McpServer({name: 'server', version: '1.0.0'});
server.registerTool('work', {}, async ({signal}) => {
	console.error('tool started');
	await once(process.stdin, 'end');
	for (let step = 0; step < 10 && !signal.aborted; step++) await sleep(100);
	console.error(signal.aborted ? 'tool aborted' : 'tool finished');
	return {content: []};
});
server.server.onclose = () => console.error('closed');
if (listens) process.stdin.on('end', () => server.close());
await server.connect(new StdioServerTransport());
EOF

cat >client.mjs <<'EOF'
import {spawn} from 'node:child_process';

// Starts the server, calls its tool and disconnects while the tool is running.
const run = async (name, ...args) => {
	const server = spawn(process.execPath, ['server.mjs', ...args], {stdio: ['pipe', 'ignore', 'pipe']});
	const send = message => server.stdin.write(`${JSON.stringify({jsonrpc: '2.0', ...message})}\n`);
	const clientInfo = {name: 'client', version: '1.0.0'};
	send({id: 1, method: 'initialize', params: {protocolVersion: '2025-06-18', capabilities: {}, clientInfo}});
	send({method: 'notifications/initialized'});
	send({id: 2, method: 'tools/call', params: {name: 'work'}});

	let log = '';
	for await (const chunk of server.stderr) {
		if (!log.includes('started') && String(chunk).includes('started')) server.stdin.end();
		log += chunk;
	}
	console.log(`${name}: ${log.trim().replaceAll('\n', ', ')}`);
};
await run('default');
await run('listens for end', 'listens');
EOF

actual=$(node client.mjs)
echo "$actual"
[ "$actual" = "default: tool started, tool finished
listens for end: tool started, closed, tool aborted" ]
