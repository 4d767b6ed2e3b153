#!/usr/bin/env bash
# Node.js 20.20.2, axios 1.21.1 (npm), requests 2.34.2, httpx 0.28.1 (pip), curl 7.88.1 (Debian 12): half of a compressed
# body is taken for the whole.
#
# A response without a length ends when the connection does, so a client cannot tell a complete one from one whose server
# was killed. If it is compressed, it could: gzip ends with a checksum and the length, and `gzip --decompress` reports an
# "unexpected end of file". But fetch(), axios, requests, httpx and curl return what has arrived, without an error and
# with the status 200. got 14.6.6 rejects. So compression is no protection, except with got.
#
# Expected output: "the first half, no error" for each client, "error" for got and gzip. The script fails when
# one of them changes.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund axios@1.21.1 got@14.6.6
python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check requests==2.34.2 httpx==0.28.1

cat >check.mjs <<'EOF'
import {spawn} from 'node:child_process';
import {createHash} from 'node:crypto';
import {once} from 'node:events';
import {writeFileSync} from 'node:fs';
import net from 'node:net';
import {buffer} from 'node:stream/consumers';
import {gzipSync} from 'node:zlib';
import axios from 'axios';
import got from 'got';

// Lines that do not compress well, so that half of the file has about half of them.
const hash = number => createHash('sha256').update(String(number)).digest('hex');
const lines = Array.from({length: 1000}, (_, number) => hash(number));
const file = gzipSync(lines.join('\n'));
const half = file.subarray(0, file.length / 2);

// Sends one half and closes the connection, as when the server is killed.
const server = net.createServer(socket => {
	socket.on('error', () => {});
	socket.once('data', () => {
		socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n');
		socket.end(half);
	});
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${server.address().port}`;

const run = async (command, args) => {
	const child = spawn(command, args, {stdio: ['ignore', 'pipe', 'ignore']});
	const [output, [status]] = await Promise.all([buffer(child.stdout), once(child, 'close')]);
	if (status !== 0) throw new Error(`status ${status}`);
	return String(output);
};
const python = (library, body) => run('venv/bin/python', ['-c', `import ${library}\n${body}`]);
const clients = {
	fetch: async () => (await fetch(url)).text(),
	axios: async () => (await axios.get(url)).data,
	requests: () => python('requests', `print(requests.get("${url}").text)`),
	httpx: () => python('httpx', `print(httpx.get("${url}").text)`),
	curl: () => run('curl', ['--silent', '--compressed', url]),
	got: () => got(url, {retry: {limit: 0}}).text(),
	async gzip() {
		writeFileSync('half.gz', half);
		return run('gzip', ['--decompress', '--stdout', 'half.gz']);
	},
};
for (const [name, request] of Object.entries(clients)) {
	const outcome = await request().then(
		text => (lines.join('\n').startsWith(text.trim()) ? 'the first half, no error' : 'another text'),
		() => 'error',
	);
	console.log(`${name}: ${outcome}`);
}
server.close();
EOF

curl --version | head -n 1 | cut -d ' ' -f 1-2
actual=$(timeout 100 node check.mjs)
echo "$actual"
[ "$actual" = "fetch: the first half, no error
axios: the first half, no error
requests: the first half, no error
httpx: the first half, no error
curl: the first half, no error
got: error
gzip: error" ]
