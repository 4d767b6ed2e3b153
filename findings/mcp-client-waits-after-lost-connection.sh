#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2 (npm): a call waits a minute for an answer although its connection has ended.
#
# Over streamable HTTP, a server answers each call in a response of its own, often as an event stream. If that response
# ends without the answer, because the server was restarted or killed, nothing can come any more, unless the server has
# given its events IDs. The client notices, and passes the error of a lost connection to `onerror`, but the promise of
# callTool() stays open until the timeout, by default 60 seconds. If the response ends properly, `onerror` is not called
# either. An agent stands still for a minute, or for as long as the timeout for slow tools is, and then reads that the
# tool was too slow.
#
# Expected output: both calls are rejected by the timeout, here 5 seconds, with "Request timed out"; only the lost
# connection was reported to onerror. The script fails when a call is rejected earlier.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2

cat >test.mjs <<'END'
import {once} from 'node:events';
import http from 'node:http';
import {json} from 'node:stream/consumers';
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StreamableHTTPClientTransport} from '@modelcontextprotocol/sdk/client/streamableHttp.js';

let end;
const serverInfo = {name: 'server', version: '1.0.0'};
const server = http.createServer(async (request, response) => {
	if (request.method !== 'POST') return void response.writeHead(405).end();
	const {id, method} = await json(request);
	if (id === undefined) return void response.writeHead(202).end();
	if (method === 'initialize') {
		const result = {protocolVersion: '2025-06-18', capabilities: {tools: {}}, serverInfo};
		response.setHeader('content-type', 'application/json');
		return void response.end(JSON.stringify({jsonrpc: '2.0', id, result}));
	}
	response.setHeader('content-type', 'text/event-stream');
	response.write(': working\n\n', () => end(response));
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const url = new URL(`http://127.0.0.1:${server.address().port}/mcp`);

const endings = {'lost connection': response => response.destroy(), 'ended response': response => response.end()};
for (const [name, ending] of Object.entries(endings)) {
	end = ending;
	const client = new Client({name: 'client', version: '1.0.0'});
	let reported = 'not reported';
	client.onerror = () => (reported = 'reported to onerror');
	await client.connect(new StreamableHTTPClientTransport(url));
	const start = Date.now();
	const error = await client.callTool({name: 'work'}, undefined, {timeout: 5000}).catch(error => error);
	const late = Date.now() - start > 4500 ? 'at the timeout' : 'early';
	console.log(`${name}: ${reported}, rejected ${late}: ${error.message}`);
	await client.close();
}
server.close();
END

actual=$(timeout 60 node test.mjs)
echo "$actual"
[ "$actual" = "lost connection: reported to onerror, rejected at the timeout: MCP error -32001: Request timed out
ended response: not reported, rejected at the timeout: MCP error -32001: Request timed out" ]
