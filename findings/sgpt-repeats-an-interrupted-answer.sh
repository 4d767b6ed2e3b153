#!/usr/bin/env bash
# shell-gpt 1.5.1 (pip): an answer that was interrupted with Ctrl-C is the answer to the same question from then on.
#
# sgpt stores each answer, and prints the stored one when the same question is asked again. That includes an answer that
# the user stopped after a few words, and one that the server cut. If the user asks again later, sgpt prints the same few
# words at once, every time, with status 0 and without a request. Nothing marks them as incomplete or stored. Only
# `--no-cache` asks again.
#
# Expected output: "The answer is" after Ctrl-C, after the cut, and again for both questions, after 2 requests; the
# whole answer with --no-cache. The script fails when sgpt asks again by itself.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
# sgpt imports click without naming it as a dependency.
venv/bin/pip install --quiet --no-compile --disable-pip-version-check shell-gpt==1.5.1 openai==2.54.0 click==8.5.1

cat >check.py <<'EOF'
import json
import os
import signal
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

requests = 0
interrupted = threading.Event()


class Model(BaseHTTPRequestHandler):
    """Streams "The answer is". Then it waits, or ends the response, or sends the rest of the answer."""

    def do_POST(self):
        global requests
        requests += 1
        question = json.loads(self.rfile.read(int(self.headers["content-length"])))["messages"][-1]["content"]
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.chunk({"role": "assistant", "content": "The answer is"}, None)
        if requests > 2:
            self.chunk({"content": " 42."}, None)
            self.chunk({}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")
        elif question == "long":
            interrupted.wait()

    def chunk(self, delta, finish_reason):
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
env = {
    "PATH": os.environ["PATH"],
    "HOME": os.getcwd(),
    "TMPDIR": os.getcwd(),
    "API_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1",
    "OPENAI_API_KEY": "key",
    "DEFAULT_MODEL": "m",
}


def sgpt(question, *options, interrupts=False):
    process = subprocess.Popen(
        ["venv/bin/sgpt", "--no-md", *options, question],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        # A shell may have started this script with SIGINT ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    text = b""
    if interrupts:
        text = process.stdout.read(len("The answer is"))
        # Let it wait for the rest, as it does when a person reads. While it prints, it does not handle the signal.
        time.sleep(3)
        process.send_signal(signal.SIGINT)
    text += process.communicate()[0]
    print(f"{question}: {text.decode().strip()} (status {process.returncode}, {requests} requests)")


sgpt("long", interrupts=True)
interrupted.set()
sgpt("cut")
sgpt("long")
sgpt("cut")
sgpt("long", "--no-cache")
EOF

actual=$(timeout 300 venv/bin/python check.py)
echo "$actual"
[ "$actual" = "long: The answer is (status 0, 1 requests)
cut: The answer is (status 0, 2 requests)
long: The answer is (status 0, 2 requests)
cut: The answer is (status 0, 2 requests)
long: The answer is 42. (status 0, 3 requests)" ]
