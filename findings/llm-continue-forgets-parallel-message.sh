#!/usr/bin/env bash
# llm 0.36 (pip): after two `llm --continue` at the same time, the conversation forgets one of the two exchanges.
#
# Both processes read the conversation when they start and store their exchange when the answer is complete, as a
# child of what they read. So the conversation splits into two branches, without a warning. `llm logs` lists both
# exchanges under one conversation, but the next `llm --continue` sends only the branch that was stored last.
# The other question was answered, paid for and shown, but the model does not get it any more.
#
# Expected output: the log has first, next, quick, slow; the request for "next" has first, slow, next. The script fails
# when the request contains all the questions, or when the log does not.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check llm==0.36 openai==3.57.0

cat >check.py <<'EOF'
import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

requests = []
slow_arrived = threading.Event()
slow_may_end = threading.Event()


class Model(BaseHTTPRequestHandler):
    """Answers each question with "ok"; the answer to "slow" waits until another has been stored."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        questions = [message["content"] for message in body["messages"] if message["role"] == "user"]
        requests.append(questions)
        if questions[-1] == "slow":
            slow_arrived.set()
            slow_may_end.wait()
        choice = {"index": 0, "message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}
        reply = {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        reply["usage"] = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(reply).encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.mkdir("llm")
with open("llm/extra-openai-models.yaml", "w") as models:
    models.write(f"- {{model_id: m, model_name: m, api_base: 'http://127.0.0.1:{server.server_port}/v1'}}\n")


def llm(*args):
    env = {**os.environ, "LLM_USER_PATH": "llm"}
    return subprocess.Popen(["venv/bin/llm", *args], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)


def ask(*args):
    assert llm("--no-stream", *args).wait() == 0


ask("--model", "m", "first")
slow = llm("--no-stream", "--continue", "slow")
slow_arrived.wait()
ask("--continue", "quick")
slow_may_end.set()
assert slow.wait() == 0
ask("--continue", "next")

log = json.loads(llm("logs", "list", "--json", "--count", "0").communicate()[0])
assert len({entry["conversation_id"] for entry in log}) == 1
print("log:", *sorted(entry["prompt"] for entry in log))
print("last request:", *requests[-1])
EOF

actual=$(venv/bin/python check.py)
echo "$actual"
[ "$actual" = "log: first next quick slow
last request: first slow next" ]
