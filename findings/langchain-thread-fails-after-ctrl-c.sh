#!/usr/bin/env bash
# langchain 1.5.2, langgraph 1.2.24, langchain-openai 1.7.4 (pip): after Ctrl-C in a tool, a conversation fails for good.
#
# A checkpointer stores an agent's conversation, so that it can go on after a crash. If the program is interrupted while
# a tool runs, what is stored ends with the model's call of the tool, without a result. invoke() with the next question
# puts that behind the call, and OpenAI rejects each conversation in which a call has no result, with the status 400.
# Every further question fails in the same way, and is stored as well. The error does not say how to go on. Before a new
# question, look at `agent.get_state(config).next`, and finish with `agent.invoke(None, config)`, which runs the tool again.
#
# The server here checks the messages as OpenAI's does.
# Expected output: the first question is answered, the second is interrupted, and the next two get the status 400. With
# invoke(None) in between both are answered. The script fails when they are answered without it.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check \
	langchain==1.5.2 langgraph==1.2.24 langchain-core==1.8.3 langchain-openai==1.7.4 openai==3.3.0

cat >test.py <<'END'
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from langchain.agents import create_agent
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from openai import BadRequestError

CALL = {"id": "call", "type": "function", "function": {"name": "count", "arguments": "{}"}}


class Model(BaseHTTPRequestHandler):
    """Calls the tool if the last message asks for it. Otherwise it answers."""

    def do_POST(self):
        messages = json.loads(self.rfile.read(int(self.headers["content-length"])))["messages"]
        for message, following in zip(messages, messages[1:]):
            if message.get("tool_calls") and following["role"] != "tool":
                error = {"message": "A message with 'tool_calls' must be followed by tool messages", "code": None}
                return self.reply(400, {"error": error})
        if messages[-1]["role"] == "user" and "Count" in messages[-1]["content"]:
            message, reason = {"role": "assistant", "content": None, "tool_calls": [CALL]}, "tool_calls"
        else:
            message, reason = {"role": "assistant", "content": "Fine."}, "stop"
        choices = [{"index": 0, "message": message, "finish_reason": reason}]
        self.reply(200, {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices})

    def reply(self, status, body):
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/v1"
interrupted = False


def count() -> str:
    """Counts the files."""
    global interrupted
    if not interrupted:
        interrupted = True
        raise KeyboardInterrupt  # what Ctrl-C raises
    return "3"


def talk(finish):
    global interrupted
    interrupted = False
    model = ChatOpenAI(model="m", base_url=url, api_key="key", max_retries=0)
    agent = create_agent(model, tools=[count], checkpointer=InMemorySaver())
    config = {"configurable": {"thread_id": "1"}}
    results = []
    for question in "Hello", "Count the files", "Thanks", "Hello again":
        try:
            if finish and agent.get_state(config).next:
                agent.invoke(None, config)
            agent.invoke({"messages": [{"role": "user", "content": question}]}, config)
            results.append("answered")
        except KeyboardInterrupt:
            results.append("interrupted")
        except BadRequestError as error:
            results.append(f"status {error.status_code}")
    print("invoke(None) first:" if finish else "next question:", ", ".join(results))


talk(False)
talk(True)
END

actual=$(env -u LANGSMITH_TRACING venv/bin/python test.py)
echo "$actual"
[ "$actual" = "next question: answered, interrupted, status 400, status 400
invoke(None) first: answered, interrupted, answered, answered" ]
