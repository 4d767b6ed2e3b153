#!/usr/bin/env bash
# pydantic-ai-slim 2.68.0 with openai 3.57.0 (pip): run_stream() ends as soon as the model says what it is going to do.
#
# Models often write a sentence before they call a tool: "I will look it up." run() calls the tool, sends its result to
# the model and returns the answer. run_stream() takes the first text for the answer. It still calls the tools of that
# reply, but the model never learns their results: no second request is sent. The user gets the announcement as the
# final output, without an error, and all further steps are missing. Whether it happens depends on the model's manners:
# without the sentence, run_stream() works. To see the text of all steps, use run() with an event_stream_handler, or
# iter().
#
# Expected output: the same tool runs in each case; run() has 2 requests and "It is 7 degrees.", run_stream() has 1 and
# "I will look it up.", and without the sentence again 2. The script fails when run_stream() goes on.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check 'pydantic-ai-slim[openai]==2.68.0' openai==3.57.0

cat >test.py <<'EOF'
import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

requests = 0
sentence = True


class Server(BaseHTTPRequestHandler):
    def do_POST(self):
        global requests
        requests += 1
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        message = {"role": "assistant"}
        if request["messages"][-1]["role"] == "tool":
            message["content"] = "It is 7 degrees."
        else:
            function = {"name": "temperature", "arguments": "{}"}
            message["tool_calls"] = [{"index": 0, "id": "call", "type": "function", "function": function}]
            if sentence:
                message["content"] = "I will look it up."
        stream = request.get("stream")
        reason = "tool_calls" if "tool_calls" in message else "stop"
        choice = {"index": 0, "delta" if stream else "message": message, "finish_reason": reason}
        kind = "chat.completion.chunk" if stream else "chat.completion"
        body = json.dumps({"id": "c", "object": kind, "created": 1, "model": "m", "choices": [choice]})
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if stream else "application/json")
        self.end_headers()
        self.wfile.write((f"data: {body}\n\ndata: [DONE]\n\n" if stream else body).encode())

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
provider = OpenAIProvider(base_url=f"http://127.0.0.1:{server.server_port}", api_key="key")
agent = Agent(OpenAIChatModel("m", provider=provider))
calls = 0


@agent.tool_plain
def temperature() -> int:
    global calls
    calls += 1
    return 7


async def run() -> str:
    return (await agent.run("How cold is it?")).output


async def run_stream() -> str:
    async with agent.run_stream("How cold is it?") as result:
        return await result.get_output()


def report(name: str, function) -> None:
    global calls, requests
    calls = requests = 0
    output = asyncio.run(function())
    print(f"{name}: {output} ({requests} requests, {calls} call of the tool)")


report("run()", run)
report("run_stream()", run_stream)
sentence = False
report("run_stream() without the sentence", run_stream)
EOF

actual=$(timeout 60 venv/bin/python test.py)
echo "$actual"
[ "$actual" = "run(): It is 7 degrees. (2 requests, 1 call of the tool)
run_stream(): I will look it up. (1 requests, 1 call of the tool)
run_stream() without the sentence: It is 7 degrees. (2 requests, 1 call of the tool)" ]
