#!/usr/bin/env bash
# mcp 2.3.0 (pip): a tool refuses a text because it is JSON, and takes the text "null" for no text, if it is optional.
#
# Some clients send lists and objects as strings of JSON. To help them, the Python server parses each string argument
# that is valid JSON, unless the parameter is declared as `str` and nothing else. `str | None = None` is the usual way
# to write an optional text, and does not count. So a tool that writes files cannot write a package.json: the object
# that the server made itself "should be a valid string". "null" becomes None, so that the tool does something else than
# it was asked to, and says nothing. All other texts arrive as they are, as in the first tests. Declare `str`, with ""
# as the default.
#
# Expected output: "hello", "true" and "1.50" arrive at both tools; with `str | None`, the text of a JSON object is an
# error, and "null" is None. The script fails when both tools get the same.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check mcp==2.3.0

cat >server.py <<'EOF'
from mcp.server import MCPServer

server = MCPServer("server")


@server.tool()
def write(text: str = "") -> str:
    return f"writes {text!r}"


@server.tool()
def write_optional(text: str | None = None) -> str:
    return f"writes {text!r}"


server.run()
EOF

cat >client.py <<'EOF'
import asyncio
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main() -> None:
    server = StdioServerParameters(command=sys.executable, args=["server.py"])
    with open("log", "w") as log:
        async with stdio_client(server, errlog=log) as streams, ClientSession(*streams) as session:
            await session.initialize()
            for tool in ["write", "write_optional"]:
                for text in ["hello", "true", "1.50", '{"name": "poe"}', "null"]:
                    result = await session.call_tool(tool, {"text": text})
                    answer = "is refused" if result.is_error else result.content[0].text
                    print(f"{tool}: {text} {answer}")


asyncio.run(main())
EOF

actual=$(timeout 60 venv/bin/python client.py)
echo "$actual"
grep 'rejected' log
[ "$actual" = "write: hello writes 'hello'
write: true writes 'true'
write: 1.50 writes '1.50'
write: {\"name\": \"poe\"} writes '{\"name\": \"poe\"}'
write: null writes 'null'
write_optional: hello writes 'hello'
write_optional: true writes 'true'
write_optional: 1.50 writes '1.50'
write_optional: {\"name\": \"poe\"} is refused
write_optional: null writes None" ]
