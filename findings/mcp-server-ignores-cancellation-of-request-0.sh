#!/usr/bin/env bash
# @modelcontextprotocol/sdk 1.32.2 (npm): a server ignores that the request with the ID 0 is cancelled.
#
# IDs of requests may be any number. The handler of `notifications/cancelled` returns if `requestId` is falsy, so the
# AbortSignal of a tool that was called with the ID 0 is never aborted, and its result is sent although nobody wants it. The
# SDK's own client gives this ID to `initialize`, so that only other clients notice. To be safe, start with 1.
#
# Expected output: "request 0: finished" and "request 1: aborted". The script fails when request 0 is aborted too.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/sdk@1.32.2

cat >test.mjs <<'END'
import {setTimeout as sleep} from 'node:timers/promises';
import {InMemoryTransport} from '@modelcontextprotocol/sdk/inMemory.js';
import {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js';

for (const id of [0, 1]) {
	const server = new McpServer({name: 'server', version: '1.0.0'});
	let done;
	const ended = new Promise(resolve => (done = resolve));
	server.registerTool('work', {}, async ({signal}) => {
		cancel();
		for (let step = 0; step < 10 && !signal.aborted; step++) await sleep(50);
		done(signal.aborted ? 'aborted' : 'finished');
		return {content: []};
	});
	const [client, other] = InMemoryTransport.createLinkedPair();
	await server.connect(other);
	await client.start();
	const send = message => client.send({jsonrpc: '2.0', ...message});
	const cancel = () => void send({method: 'notifications/cancelled', params: {requestId: id}});
	const clientInfo = {name: 'client', version: '1.0.0'};
	await send({id: 7, method: 'initialize', params: {protocolVersion: '2025-06-18', capabilities: {}, clientInfo}});
	await send({method: 'notifications/initialized'});
	await send({id, method: 'tools/call', params: {name: 'work'}});
	console.log(`request ${id}: ${await ended}`);
	await server.close();
}
END

actual=$(node test.mjs)
echo "$actual"
[ "$actual" = "request 0: finished
request 1: aborted" ]
