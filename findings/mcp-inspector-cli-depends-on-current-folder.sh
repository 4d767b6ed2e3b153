#!/usr/bin/env bash
# @modelcontextprotocol/inspector-cli 1.0.3 (npm): the command works only in a folder whose parent has a package.json.
#
# Before it connects, the command looks for its own package.json, to tell the server its name. It tests for the file
# `../package.json` with existsSync, which starts at the current folder, but imports it relative to its own module. If the
# parent of the current folder has no package.json, it imports `../../package.json` instead, which exists only in the
# package @modelcontextprotocol/inspector, and every method fails. To use the command, start it in a subfolder of a package.
#
# Expected output: "package: fails" and "package/src: lists 1 tool". The script fails when the command works in both.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir -p "$dir/package/src"
cd "$dir/package"

npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @modelcontextprotocol/inspector-cli@1.0.3 @modelcontextprotocol/sdk@1.32.2

cat >server.mjs <<'END'
import {McpServer} from '@modelcontextprotocol/sdk/server/mcp.js';
import {StdioServerTransport} from '@modelcontextprotocol/sdk/server/stdio.js';

const server = new McpServer({name: 'server', version: '1.0.0'});
server.registerTool('work', {}, () => ({content: []}));
await server.connect(new StdioServerTransport());
END

list() {
	(cd "$1" && node "$dir/package/node_modules/@modelcontextprotocol/inspector-cli/build/cli.js" --cli \
		node "$dir/package/server.mjs" --method tools/list 2>/dev/null) |
		node -e 'const {tools} = JSON.parse(require("fs").readFileSync(0, "utf8")); console.log(`lists ${tools.length} tool`)' \
			2>/dev/null || echo fails
}

actual="package: $(list .)
package/src: $(list src)"
echo "$actual"
[ "$actual" = "package: fails
package/src: lists 1 tool" ]
