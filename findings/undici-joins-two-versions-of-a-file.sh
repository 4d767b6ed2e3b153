#!/usr/bin/env bash
# undici 7.30.2 (npm, the newest for Node.js 20): a download that is resumed can consist of two versions of the file.
#
# When a body is cut, RetryAgent and interceptors.retry() ask for the rest with `Range` and append it. They compare the
# ETag, if it is strong. If the server sends a weak one, as many do when they compress, or only Last-Modified, the two
# parts are joined although both headers say that the file is another one. HTTP forbids that: it needs `If-Range`, which
# undici does not send. The caller gets the status 200 and no error. Without a strong ETag, begin again.
#
# Expected output: weak ETag and Last-Modified "old old new new", strong ETag "rejected". The script fails when one of
# them differs.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund undici@7.30.2

cat >check.mjs <<'EOF'
import http from 'node:http';
import {Agent, RetryAgent, request} from 'undici';

// Serves an old file up to half, and after that a new one of the same length, with ranges.
const download = async validators => {
	let cut;
	const server = http.createServer((request, response) => {
		const version = cut ? 'new' : 'old';
		const file = `${version} ${version} ${version} ${version}`;
		const headers = {'accept-ranges': 'bytes', ...validators(version)};
		const start = /^bytes=(\d+)-/.exec(request.headers.range)?.[1];
		if (start && !request.headers['if-range']) {
			response.writeHead(206, {...headers, 'content-range': `bytes ${start}-14/15`, 'content-length': 15 - start});
			response.end(file.slice(start));
		} else {
			response.writeHead(200, {...headers, 'content-length': 15});
			response.write(file.slice(0, 8));
			cut = () => response.destroy();
		}
	});
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
	const dispatcher = new RetryAgent(new Agent(), {minTimeout: 1});
	try {
		const {statusCode, body} = await request(`http://127.0.0.1:${server.address().port}`, {dispatcher});
		let text = '';
		for await (const chunk of body) {
			text += chunk;
			if (text.length === 8) cut();
		}
		return `${statusCode} ${text}`;
	} catch (error) {
		return `rejected: ${error.message}`;
	} finally {
		await dispatcher.destroy();
		server.close();
	}
};
const day = {old: 'Mon, 05 Jan 2026 00:00:00 GMT', new: 'Tue, 06 Jan 2026 00:00:00 GMT'};
console.log(`Last-Modified: ${await download(version => ({'last-modified': day[version]}))}`);
console.log(`weak ETag: ${await download(version => ({etag: `W/"${version}"`}))}`);
console.log(`strong ETag: ${await download(version => ({etag: `"${version}"`}))}`);
EOF

actual=$(node check.mjs)
echo "$actual"
[ "$actual" = "Last-Modified: 200 old old new new
weak ETag: 200 old old new new
strong ETag: rejected: ETag mismatch" ]
