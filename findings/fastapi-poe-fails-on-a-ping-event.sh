#!/usr/bin/env bash
# fastapi_poe 0.0.83: an event that is to be ignored ends the reply with an error if its data is not JSON.
#
# The client has a branch that ignores `event: ping`, because servers send it to keep a connection open. But before it looks at
# the name of an event, it reads the field `index` of its data, and fails if the data is not a JSON object. A ping usually has a
# time as its data, or none. So a reply fails in the middle, without another try, although all of it arrives. The client also
# sends the bot a report. The same happens for `event: done` without data.
#
# Expected output: the same reply is read with a ping comment, and fails with a ping event. The script fails when the second one is
# read, too.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check fastapi_poe==0.0.83

cat >ask.py <<'EOF_PYTHON'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import fastapi_poe as fp

pings = {"comment": b": ping - 2026-11-28 06:00:00\n\n", "event": b"event: ping\ndata: 2026-11-28 06:00:00\n\n"}


class Bot(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        if body["type"] == "query":
            self.wfile.write(b'event: text\ndata: {"text": "The answer "}\n\n')
            self.wfile.write(pings[self.path[1:]])
            self.wfile.write(b'event: text\ndata: {"text": "is 4"}\n\nevent: done\ndata: {}\n\n')

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Bot)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"
question = fp.ProtocolMessage(role="user", content="?")


async def main():
    for kind in pings:
        parts = []
        try:
            async for part in fp.get_bot_response([question], kind, "key", base_url=url):
                parts.append(part.text)
        except Exception as error:
            parts.append(f"{type(error).__name__}: {error}")
        print(f"ping {kind}:", "".join(parts))


asyncio.run(main())
EOF_PYTHON

actual=$(venv/bin/python ask.py | grep '^ping ')
echo "$actual"
[ "$actual" = "ping comment: The answer is 4
ping event: The answer BotErrorNoRetry: Invalid JSON in 'ping' event" ]
