#!/usr/bin/env bash
# supergateway 4.0.0 (npm): with two clients, one gets the other's answer as its own.
#
# supergateway lets clients reach an MCP server that talks over stdin and stdout. For SSE it starts one such process,
# and passes the requests of all clients to it with the IDs that the clients have chosen. They all count from 0. The
# answers go to all clients, and each takes the first one with its ID. So if two people call a tool at the same time,
# the slower one gets the result of the other, without an error: another customer's data, or "deleted" for a call that
# has not run yet. A client discards its own answer as unknown. Use one gateway for each client, or `--outputTransport
# streamableHttp --stateful`, which starts a process for each session.
#
# Expected output: "Ada gets the answer for Bob", "Bob gets the answer for Bob", then each her or his own. The script
# fails when Ada gets her own answer over SSE.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund supergateway@4.0.0 @modelcontextprotocol/sdk@1.32.2 zod@4.1.12

cat >server.mjs <<'END'
import {setTimeout as sleep} from 'node:timers/promises';
import {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js';
import {StdioServerTransport} from '@modelcontextprotocol/sdk/server/stdio.js';
import {z} from 'zod';

const server = new McpServer({name: 'server', version: '1.0.0'});
server.registerTool('greet', {inputSchema: {name: z.string(), pause: z.number()}}, async ({name, pause}) => {
	await sleep(pause);
	return {content: [{type: 'text', text: `the answer for ${name}`}]};
});
process.stdin.on('end', () => process.exit());
await server.connect(new StdioServerTransport());
END

cat >test.mjs <<'END'
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:net';
import {setTimeout as sleep} from 'node:timers/promises';
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {SSEClientTransport} from '@modelcontextprotocol/sdk/client/sse.js';
import {StreamableHTTPClientTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const freePort = async () => {
	const server = createServer().listen(0);
	await once(server, 'listening');
	const {port} = server.address();
	server.close();
	await once(server, 'close');
	return port;
};

const test = async (transport, path, options) => {
	const port = await freePort();
	const args = ['--stdio', 'node server.mjs', '--port', `${port}`, '--healthEndpoint', '/health', ...options];
	const gateway = spawn('node_modules/.bin/supergateway', args, {stdio: 'ignore', detached: true});
	while (!(await fetch(`http://localhost:${port}/health`).catch(() => undefined))) await sleep(100);
	const connect = async name => {
		const client = new Client({name, version: '1.0.0'});
		await client.connect(new transport(new URL(`http://localhost:${port}${path}`)));
		return client;
	};
	const ask = async (client, name, pause) => {
		const {content} = await client.callTool({name: 'greet', arguments: {name, pause}});
		return `${name} gets ${content[0].text}`;
	};
	const ada = await connect('Ada');
	const bob = await connect('Bob');
	console.log(path, (await Promise.all([ask(ada, 'Ada', 2000), ask(bob, 'Bob', 500)])).join(', '));
	process.kill(-gateway.pid);
	await once(gateway, 'close');
};
await test(SSEClientTransport, '/sse', []);
await test(StreamableHTTPClientTransport, '/mcp', ['--outputTransport', 'streamableHttp', '--stateful']);
process.exit();
END

actual=$(timeout 120 node test.mjs)
echo "$actual"
[ "$actual" = "/sse Ada gets the answer for Bob, Bob gets the answer for Bob
/mcp Ada gets the answer for Ada, Bob gets the answer for Bob" ]
