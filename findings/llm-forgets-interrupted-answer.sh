#!/usr/bin/env bash
# llm 0.36 (pip): an answer that is interrupted with Ctrl-C is not in the log at all, nor is its prompt.
#
# llm writes the log only after the last piece of an answer. If the user stops a long answer with Ctrl-C, the
# prompt and everything that was already on the screen are missing from `llm logs`, although the tokens were used. The
# next `llm --continue` goes on with an older conversation, as if the question had not been asked. An answer that the
# server cuts, in contrast, is stored as if it were complete (see clients-accept-cut-replies.sh).
#
# Expected output: the second answer was on the screen, the log has only the first prompt, and --continue sends
# "first" and "next". The script fails when the interrupted prompt is stored.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check llm==0.36 openai==3.57.0

cat >check.py <<'EOF'
import json
import os
import signal
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

requests = []
finished = threading.Event()


class Model(BaseHTTPRequestHandler):
    """Streams "Half an answer" and, except to the question "long", the end of the answer."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        questions = [message["content"] for message in body["messages"] if message["role"] == "user"]
        requests.append(questions)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.chunk({"role": "assistant", "content": "Half an answer"}, None)
        if questions[-1] == "long":
            finished.wait()
        else:
            self.chunk({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

    def chunk(self, delta, finish_reason):
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.mkdir("llm")
with open("llm/extra-openai-models.yaml", "w") as models:
    models.write(f"- {{model_id: m, model_name: m, api_base: 'http://127.0.0.1:{server.server_port}/v1'}}\n")


def llm(*args):
    env = {**os.environ, "LLM_USER_PATH": "llm", "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        ["venv/bin/llm", *args],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A shell may have started this script with SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


llm("--model", "m", "first").communicate()
long = llm("--model", "m", "long")
print("on the screen:", long.stdout.read(len("Half an answer")).decode())
long.send_signal(signal.SIGINT)
print("status:", long.wait())
log = json.loads(llm("logs", "list", "--json", "--count", "0").communicate()[0])
print("log:", *(entry["prompt"] for entry in log))
llm("--continue", "next").communicate()
print("last request:", *requests[-1])
finished.set()
EOF

actual=$(venv/bin/python check.py)
echo "$actual"
[ "$actual" = "on the screen: Half an answer
status: 1
log: first
last request: first next" ]
