#!/usr/bin/env bash
# instructor 1.17.0 with openai 3.3.0 (pip): a list that the model could not finish is returned as the complete one.
#
# If an answer reaches its limit of tokens, it ends with the finish reason "length". create() raises an error then,
# since the JSON is incomplete. create_iterable(), for lists, yields the items that are complete and ends normally: the
# caller gets two of three tasks, and nothing tells that there were more. create_partial() ends normally, too, and
# returns an object that its own class forbids, with a name cut in the middle and None for a required number. The same
# happens if the connection ends early. Validate the last object again, or stream the answer yourself.
#
# Expected output: create() "IncompleteOutputException"; create_iterable() "one, two"; create_partial() with 'thr' and
# None. The script fails when one of the last two raises an error.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check instructor==1.17.0 openai==3.3.0

cat >test.py <<'EOF'
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import instructor
import openai
from pydantic import BaseModel

ANSWER = '{"tasks": [{"name": "one", "hours": 1}, {"name": "two", "hours": 2}, {"name": "thr'


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        function = {"name": request["tools"][0]["function"]["name"], "arguments": ANSWER}
        tool_calls = [{"index": 0, "id": "call", "type": "function", "function": function}]
        stream = request.get("stream")
        choice = {"index": 0, "finish_reason": "length"}
        choice["delta" if stream else "message"] = {"role": "assistant", "tool_calls": tool_calls}
        kind = "chat.completion.chunk" if stream else "chat.completion"
        body = json.dumps({"id": "c", "object": kind, "created": 1, "model": "m", "choices": [choice]})
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if stream else "application/json")
        self.end_headers()
        self.wfile.write((f"data: {body}\n\ndata: [DONE]\n\n" if stream else body).encode())

    def log_message(self, *_):
        pass


class Task(BaseModel):
    name: str
    hours: int


class Tasks(BaseModel):
    tasks: list[Task]


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
client = instructor.from_openai(openai.OpenAI(base_url=f"http://127.0.0.1:{server.server_port}", api_key="key"))
options = {"model": "m", "messages": [{"role": "user", "content": "?"}]}
try:
    print("create():", client.create(response_model=Tasks, max_retries=0, **options))
except Exception as error:
    print("create():", type(error).__name__)
names = [task.name for task in client.create_iterable(response_model=Task, **options)]
print("create_iterable():", ", ".join(names))
*_, last = client.create_partial(response_model=Tasks, **options)
print("create_partial():", last)
EOF

actual=$(timeout 60 venv/bin/python test.py)
echo "$actual"
[ "$actual" = "create(): IncompleteOutputException
create_iterable(): one, two
create_partial(): tasks=[Task(name='one', hours=1), Task(name='two', hours=2), Task(name='thr', hours=None)]" ]
