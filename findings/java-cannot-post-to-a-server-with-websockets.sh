#!/usr/bin/env bash
# Java 17 (java.net.http), ws 8.23.0 (npm) on Node.js 20.20.2: a server with WebSockets refuses all requests from Java.
#
# For an address with http://, Java's HttpClient offers HTTP/2 with each first request: `Upgrade: h2c`. HTTP lets a
# server ignore that and answer as usual, and Node does, until the program has a WebSocket. Then Node passes every
# request with an Upgrade header to the WebSocket library, which refuses what is none: 405 for a POST, 400 for a GET.
# The handler of the program is not called, and its log is empty. It does not matter that the WebSocket has another
# path. curl, fetch() and Python's clients work, so the server seems to be right. Servers of models and tools are often
# reached in this way. Pass `version(HttpClient.Version.HTTP_1_1)`, or use https://.
#
# Expected output: "200 answer" four times without WebSockets; with them, 405 and 400 for the default version and 200
# for HTTP_1_1. The script fails when the server with WebSockets answers the default request.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ws@8.23.0

cat >server.mjs <<'EOF'
import http from 'node:http';
import {WebSocketServer} from 'ws';

const start = async webSockets => {
	const server = http.createServer((request, response) => {
		request.resume();
		response.end('answer');
	});
	if (webSockets) new WebSocketServer({server, path: '/socket'});
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
	return server.address().port;
};
console.log(await start(false), await start(true));
EOF

cat >Test.java <<'EOF'
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

class Test {
	static void test(String name, String port, HttpClient.Builder builder) throws Exception {
		for (var method : List.of("POST", "GET")) {
			var body = method.equals("POST") ? BodyPublishers.ofString("{}") : BodyPublishers.noBody();
			var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/chat"))
				.method(method, body).timeout(Duration.ofSeconds(20)).build();
			var response = builder.build().send(request, BodyHandlers.ofString());
			System.out.println(name + ": " + method + " " + response.statusCode() + " " + response.body());
		}
	}

	public static void main(String[] ports) throws Exception {
		test("without WebSockets", ports[0], HttpClient.newBuilder());
		test("without WebSockets, HTTP_1_1", ports[0], HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1));
		test("with WebSockets", ports[1], HttpClient.newBuilder());
		test("with WebSockets, HTTP_1_1", ports[1], HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1));
	}
}
EOF

exec 3< <(exec node server.mjs)
server=$!
trap 'kill "$server"; rm -rf "$dir"' EXIT
read -r plain with_websockets <&3

java --version | head -n 1
actual=$(timeout 120 java Test.java "$plain" "$with_websockets")
echo "$actual"
[ "$actual" = "without WebSockets: POST 200 answer
without WebSockets: GET 200 answer
without WebSockets, HTTP_1_1: POST 200 answer
without WebSockets, HTTP_1_1: GET 200 answer
with WebSockets: POST 405 Invalid HTTP method
with WebSockets: GET 400 Invalid Upgrade header
with WebSockets, HTTP_1_1: POST 200 answer
with WebSockets, HTTP_1_1: GET 200 answer" ]
