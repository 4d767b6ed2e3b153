#!/usr/bin/env bash
# shell-gpt 1.5.1, rich 15.0.0 (pip): everything between < and > disappears from an answer, so a command is another one.
#
# Models write what the user has to fill in as <name>. In Markdown, that is an HTML tag, and rich, which draws Markdown
# for many programs in a terminal, leaves HTML out without a mark. "git push origin <branch>" becomes "git push origin",
# which is a complete command with another meaning, and List<String> becomes List. A whole XML element on lines of its
# own is missing, with its text. It is not in what the user can scroll back to. Code in backquotes is kept. Pass --no-md
# to sgpt.
#
# Expected output: the answer as it is with --no-md; without the placeholder, the type and the element otherwise, in
# sgpt and in rich. The script fails when one of them shows the placeholder.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

# sgpt needs an older rich, and imports click without naming it as a dependency.
python3 -m venv sgpt
sgpt/bin/pip install --quiet --no-compile --disable-pip-version-check \
	shell-gpt==1.5.1 rich==13.9.4 openai==2.54.0 click==8.5.1
python3 -m venv rich
rich/bin/pip install --quiet --no-compile --disable-pip-version-check rich==15.0.0

cat >answer.md <<'END'
Run git push origin <branch> to send the List<String>.

<retries>
3
</retries>

Done.
END

cat >server.py <<'END'
import json
from http.server import BaseHTTPRequestHandler, HTTPServer


class Model(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        self.chunk({"role": "assistant", "content": open("answer.md").read()}, None)
        self.chunk({}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def chunk(self, delta, finish_reason):
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())

    def log_message(self, *args):
        pass


server = HTTPServer(("127.0.0.1", 0), Model)
print(server.server_port, flush=True)
server.serve_forever()
END
exec 3< <(exec python3 server.py)
server=$!
trap 'kill "$server"; rm -rf "$dir"' EXIT
read -r port <&3

# Prints what is on stdin, on one line.
show() {
	echo "$1: $(tr -s ' \n' ' ' | sed 's/^ //; s/ $//')"
}
ask() {
	env HOME="$dir" TMPDIR="$dir" API_BASE_URL="http://127.0.0.1:$port/v1" OPENAI_API_KEY=key DEFAULT_MODEL=m COLUMNS=80 \
		sgpt/bin/sgpt --no-cache "$@" '?' </dev/null 2>/dev/null
}
actual=$(
	ask --no-md | show 'sgpt --no-md'
	ask --md | show 'sgpt'
	COLUMNS=80 rich/bin/python -m rich.markdown answer.md | show 'rich'
)
echo "$actual"
[ "$actual" = 'sgpt --no-md: Run git push origin <branch> to send the List<String>. <retries> 3 </retries> Done.
sgpt: Run git push origin to send the List. Done.
rich: Run git push origin to send the List. Done.' ]
