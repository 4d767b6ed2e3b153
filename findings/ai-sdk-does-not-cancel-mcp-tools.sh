#!/usr/bin/env bash
# ai 7.0.173, @ai-sdk/mcp 2.0.99 (npm): when the user stops an agent, its MCP tool is not told, and goes on.
#
# A client that gives up a call sends `notifications/cancelled`, and the server aborts the signal of the tool. The MCP
# client of the AI SDK does not. With an `abortSignal` for generateText(), it rejects the call of the tool at once, and
# the program goes on as if the tool had failed. But the tool works to the end: the mail is sent, the files are deleted,
# and the search that costs money continues. If the agent is then asked again, the tool runs twice. The client of
# @modelcontextprotocol/sdk 1.32.2, with the same server, cancels.
#
# Expected output: "AI SDK: tool-error, the tool finished" and "MCP SDK: rejected, the tool was aborted". The script
# fails when the AI SDK's call aborts the tool.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund \
	ai@7.0.173 @ai-sdk/mcp@2.0.99 @ai-sdk/openai-compatible@3.0.92 @modelcontextprotocol/sdk@1.32.2 zod@4.1.12

cat >server.mjs <<'END'
import {writeFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js';
import {StdioServerTransport} from '@modelcontextprotocol/sdk/server/stdio.js';

const server = new McpServer({name: 'server', version: '1.0.0'});
server.registerTool('send', {description: 'Sends the mail'}, async ({signal}) => {
	writeFileSync('started', '');
	await sleep(2000, undefined, {signal}).catch(() => {});
	writeFileSync('end', signal.aborted ? 'was aborted' : 'finished');
	return {content: [{type: 'text', text: 'sent'}]};
});
await server.connect(new StdioServerTransport());
END

cat >test.mjs <<'END'
import {once} from 'node:events';
import {existsSync, readFileSync, rmSync} from 'node:fs';
import http from 'node:http';
import {setTimeout as sleep} from 'node:timers/promises';
import {createMCPClient} from '@ai-sdk/mcp';
import {Experimental_StdioMCPTransport} from '@ai-sdk/mcp/mcp-stdio';
import {createOpenAICompatible} from '@ai-sdk/openai-compatible';
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';
import {generateText} from 'ai';

// A model that calls the tool.
const call = {id: 'call', type: 'function', function: {name: 'send', arguments: '{}'}};
const message = {role: 'assistant', content: null, tool_calls: [call]};
const choices = [{index: 0, message, finish_reason: 'tool_calls'}];
const model = http.createServer((request, response) => {
	request.resume();
	response.setHeader('content-type', 'application/json');
	response.end(JSON.stringify({id: 'c', object: 'chat.completion', created: 1, model: 'm', choices}));
});
model.listen(0, '127.0.0.1');
await once(model, 'listening');
const baseURL = `http://127.0.0.1:${model.address().port}`;
const command = {command: 'node', args: ['server.mjs'], stderr: 'ignore'};

// Stops the call as soon as the tool has started.
const test = async (name, run) => {
	for (const file of ['started', 'end']) rmSync(file, {force: true});
	const controller = new AbortController();
	const result = run(controller.signal);
	while (!existsSync('started')) await sleep(50);
	controller.abort();
	const outcome = await result;
	while (!existsSync('end')) await sleep(50);
	await sleep(100);
	console.log(`${name}: ${outcome}, the tool ${readFileSync('end', 'utf8')}`);
};

const client = await createMCPClient({transport: new Experimental_StdioMCPTransport(command)});
const tools = await client.tools();
await test('AI SDK', async abortSignal => {
	const chat = createOpenAICompatible({name: 'server', baseURL, apiKey: 'key'})('m');
	const {content} = await generateText({model: chat, prompt: 'Send it', tools, abortSignal});
	return content.at(-1).type;
});
await client.close();

const other = new Client({name: 'client', version: '1.0.0'});
await other.connect(new StdioClientTransport(command));
await test('MCP SDK', signal =>
	other.callTool({name: 'send', arguments: {}}, undefined, {signal}).then(() => 'resolved', () => 'rejected'),
);
await other.close();
model.close();
END

actual=$(timeout 60 node test.mjs)
echo "$actual"
[ "$actual" = "AI SDK: tool-error, the tool finished
MCP SDK: rejected, the tool was aborted" ]
