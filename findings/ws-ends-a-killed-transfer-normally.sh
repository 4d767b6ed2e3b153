#!/usr/bin/env bash
# ws 8.23.0 (npm): the stream of a WebSocket ends normally when the other side was killed, so half a file looks complete.
#
# createWebSocketStream() makes a Node stream of a connection, for use with pipeline(). If the other process is killed, or
# the network fails, there is no closing handshake, and the WebSocket reports the code 1006 for an abnormal end. The
# stream takes every end for the end of the data: pipeline() resolves, and no error is emitted anywhere. With an HTTP
# response, the same pipeline() rejects. Look at the code of the `close` event before you use the data.
#
# Expected output: the WebSocket "4 of 8 bytes, resolved, code 1006", HTTP "4 of 8 bytes, rejected". The script fails when
# both reject.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ws@8.23.0

# Sends half of "complete" in both ways.
cat >server.mjs <<'EOF'
import http from 'node:http';
import {WebSocketServer} from 'ws';

const server = http.createServer((request, response) => response.writeHead(200, {'content-length': 8}).write('comp'));
new WebSocketServer({server}).on('connection', socket => socket.send('comp'));
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
EOF

cat >check.mjs <<'EOF'
import {fork} from 'node:child_process';
import {once} from 'node:events';
import http from 'node:http';
import {Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {WebSocket, createWebSocketStream} from 'ws';

// Kills the server when the first half has arrived.
const receive = async open => {
	const server = fork('server.mjs');
	const [port] = await once(server, 'message');
	const {stream, code} = await open(port);
	let size = 0;
	const file = new Writable({
		write(chunk, encoding, callback) {
			size += chunk.length;
			server.kill('SIGKILL');
			callback();
		},
	});
	const outcome = await pipeline(stream, file).then(
		() => 'resolved',
		() => 'rejected',
	);
	return `${size} of 8 bytes, ${outcome}${code ? `, code ${await code}` : ''}`;
};
const overWebSocket = async port => {
	const socket = new WebSocket(`ws://127.0.0.1:${port}`);
	return {stream: createWebSocketStream(socket), code: once(socket, 'close').then(([code]) => code)};
};
const overHttp = async port => {
	const [stream] = await once(http.get({port, host: '127.0.0.1'}), 'response');
	return {stream};
};
console.log(`WebSocket: ${await receive(overWebSocket)}`);
console.log(`HTTP: ${await receive(overHttp)}`);
EOF

actual=$(timeout 60 node check.mjs)
echo "$actual"
[ "$actual" = "WebSocket: 4 of 8 bytes, resolved, code 1006
HTTP: 4 of 8 bytes, rejected" ]
