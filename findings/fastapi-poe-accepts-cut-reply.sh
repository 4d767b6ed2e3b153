#!/usr/bin/env bash
# fastapi_poe 0.0.83: a reply that was cut ends like a complete one, and the client sends the bot an extra request.
#
# A Poe bot ends its reply with a `done` event. If the stream ends without it, for example because the bot was stopped
# in the middle of a sentence, get_bot_response() and get_final_response() still end normally. The caller cannot tell
# that the text is incomplete. Instead, the client sends the bot a second POST, of type `report_error`, and prints a
# message to stdout, where it mixes with the output of the program.
#
# Expected output: both functions return "The answer is" without an error; each query is followed by a report and by two
# lines from the library. The script fails when a missing `done` becomes an error, or when nothing is reported.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check fastapi_poe==0.0.83

cat >ask.py <<'EOF'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import fastapi_poe as fp

requests = []


class CutBot(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        requests.append(body["type"])
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        if body["type"] == "query":
            self.wfile.write(b'event: text\ndata: {"text": "The answer is"}\n\n')

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), CutBot)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"
question = fp.ProtocolMessage(role="user", content="?")


async def main():
    parts = [part.text async for part in fp.get_bot_response([question], "bot", "key", base_url=url)]
    print("get_bot_response:", *parts)
    query = fp.QueryRequest(
        query=[question], user_id="", conversation_id="", message_id="", version="1.0", type="query"
    )
    print("get_final_response:", await fp.get_final_response(query, "bot", "key", base_url=url))
    print("requests:", *requests)


asyncio.run(main())
EOF

actual=$(venv/bin/python ask.py)
echo "$actual"
[ "$(grep -c "Bot exited without sending 'done' event" <<<"$actual")" = 4 ]
[ "$(grep '^get_\|^requests' <<<"$actual")" = "get_bot_response: The answer is
get_final_response: The answer is
requests: query report_error query report_error" ]
