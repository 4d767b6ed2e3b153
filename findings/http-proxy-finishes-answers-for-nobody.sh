#!/usr/bin/env bash
# http-proxy 1.18.1 (npm): the server behind the proxy sends its answer to the end although the client has left.
#
# When a client closes its connection, for example because the user stops a long answer, the proxy should close its own
# connection to the server, so that the server stops, too. The package listens for the `aborted` event of the request to
# do that. But Node.js 20 emits that event only while the body of the request still arrives. Afterwards nothing happens:
# a model goes on writing for nobody, and is paid. 1.18.1 is the newest version; the development server of Vite 6 and
# http-proxy-middleware 2 are built on it. http-proxy-3 1.23.3, a fork, closes the connection.
#
# Expected output: the client leaves after 3 of 20 pieces; with http-proxy the server sends 20, with http-proxy-3 fewer.
# The script fails when http-proxy ends the request early.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund http-proxy@1.18.1 http-proxy-3@1.23.3

cat >test.mjs <<'END'
import {once} from 'node:events';
import http from 'node:http';
import httpProxy from 'http-proxy';
import * as httpProxy3 from 'http-proxy-3';

const pieces = 20;
let ended;
const model = http.createServer((request, response) => {
	request.resume();
	response.setHeader('content-type', 'text/event-stream');
	let sent = 0;
	const timer = setInterval(() => {
		response.write(`data: ${++sent}\n\n`);
		if (sent === pieces) response.end();
	}, 100);
	response.on('close', () => {
		clearInterval(timer);
		ended(sent);
	});
});
model.listen(0, '127.0.0.1');
await once(model, 'listening');
const target = `http://127.0.0.1:${model.address().port}`;

for (const [name, {createProxyServer}] of Object.entries({'http-proxy': httpProxy, 'http-proxy-3': httpProxy3})) {
	const proxy = createProxyServer({target});
	const server = http.createServer((request, response) => proxy.web(request, response, {}, () => {}));
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const result = new Promise(resolve => (ended = resolve));
	const request = http.request({host: '127.0.0.1', port: server.address().port, method: 'POST'});
	request.on('error', () => {});
	request.end('{}');
	const [response] = await once(request, 'response');
	response.on('error', () => {});
	let received = 0;
	response.on('data', () => {
		if (++received === 3) request.destroy();
	});
	const sent = await result;
	console.log(`${name}: the server sends ${sent === pieces ? 'all pieces' : 'fewer pieces'}`);
	server.closeAllConnections();
	server.close();
}
model.close();
END

actual=$(NODE_NO_WARNINGS=1 node test.mjs)
echo "$actual"
[ "$actual" = "http-proxy: the server sends all pieces
http-proxy-3: the server sends fewer pieces" ]
