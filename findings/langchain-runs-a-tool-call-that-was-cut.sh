#!/usr/bin/env bash
# langchain 1.5.2, langchain-openai 1.7.4 (pip): a streaming agent runs a tool call that was cut, with what has arrived.
#
# A model's call of a tool is JSON. If the reply ends inside it, because of the limit on tokens or a lost connection,
# the JSON is not complete. agent.stream() then closes it: of `{"to": "Ada", "amount": 1500}`, cut after the 15, it makes
# a call with the amount 15, and runs the tool. Neither the finish reason "length" nor a missing one changes that. The
# model gets the closed JSON back as its own, so that it cannot notice either. agent.invoke(), which does not stream,
# does not run the tool for the same reply. Use it for tools that must not run by mistake.
#
# Expected output: invoke "nothing paid", stream "paid 15" with and without the finish reason, and what the model gets
# back. The script fails when the streaming agent does not run the tool.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check \
	langchain==1.5.2 langchain-core==1.8.3 langchain-openai==1.7.4 langgraph==1.2.24 openai==3.57.0

cat >check.py <<'EOF'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

finish_reason = "length"
paid = []
returned = []


class Model(BaseHTTPRequestHandler):
    """Calls the tool, with half of the arguments. Says "Done" when it gets the result."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        function = {"name": "pay", "arguments": '{"to": "Ada", "amount": 15'}
        call = {"id": "t", "type": "function", "function": function}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        reason = finish_reason
        if body["messages"][-1]["role"] == "tool":
            returned.append(body["messages"][-2]["tool_calls"][0]["function"]["arguments"])
            message = {"role": "assistant", "content": "Done"}
            reason = "stop"

        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if body.get("stream") else "application/json")
        self.end_headers()
        if body.get("stream"):
            self.chunk({**message, "tool_calls": [{"index": 0, **call}] if "tool_calls" in message else None})
            if reason:
                self.chunk({}, reason)
                self.wfile.write(b"data: [DONE]\n\n")
        else:
            self.wfile.write(self.json("chat.completion", {"message": message, "finish_reason": reason}))

    def chunk(self, delta, reason=None):
        data = self.json("chat.completion.chunk", {"delta": delta, "finish_reason": reason})
        self.wfile.write(b"data: " + data + b"\n\n")

    def json(self, kind, choice):
        return json.dumps(
            {"id": "c", "object": kind, "created": 1, "model": "m", "choices": [{"index": 0, **choice}]}
        ).encode()

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()


@tool
def pay(to: str, amount: int) -> str:
    """Pays somebody."""
    paid.append(f"paid {amount}")
    return "Paid"


model = ChatOpenAI(model="m", base_url=f"http://127.0.0.1:{server.server_port}/v1", api_key="key", max_retries=0)
agent = create_agent(model, [pay])
question = {"messages": [{"role": "user", "content": "Pay Ada 1500."}]}


def report(name):
    print(f"{name}: {', '.join(paid) or 'nothing paid'}", *(f"(call: {call})" for call in returned))
    paid.clear()
    returned.clear()


agent.invoke(question)
report("invoke, length")
list(agent.stream(question, stream_mode="messages"))
report("stream, length")
finish_reason = None
list(agent.stream(question, stream_mode="messages"))
report("stream, no finish reason")
EOF

export LANGSMITH_TRACING=false
actual=$(timeout 200 venv/bin/python check.py)
echo "$actual"
[ "$actual" = 'invoke, length: nothing paid
stream, length: paid 15 (call: {"to": "Ada", "amount": 15})
stream, no finish reason: paid 15 (call: {"to": "Ada", "amount": 15})' ]
