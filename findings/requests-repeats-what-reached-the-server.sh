#!/usr/bin/env bash
# requests 2.34.2 (pip): `max_retries` repeats requests that the server has answered, and waits longer than `timeout`.
#
# The documentation of HTTPAdapter says that `max_retries` is for failed connections, "never" for requests whose data has
# reached the server. But if the answer has the status 413, 429 or 503 and a Retry-After header, GET, PUT and DELETE are
# sent again, up to that number. Before each, the call sleeps as long as the server says, be it an hour, and `timeout`
# does not count that. Without the header, or with POST, the first answer is returned. To prevent it, pass
# `urllib3.Retry(2, respect_retry_after_header=False)`.
#
# Expected output: with Retry-After 3 requests and 4 s for GET, PUT and DELETE, 1 request for POST; without it 1 request.
# The script fails when a PUT or DELETE is sent only once.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check requests==2.34.2 urllib3==2.8.0

cat >check.py <<'EOF'
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests
from requests.adapters import HTTPAdapter

arrived = 0


class Busy(BaseHTTPRequestHandler):
    """Answers 503. The path says after how many seconds to try again."""

    def answer(self):
        global arrived
        arrived += 1
        self.send_response(503)
        seconds = self.path.removeprefix("/")
        if seconds:
            self.send_header("retry-after", seconds)
        self.send_header("content-length", "0")
        self.end_headers()

    do_GET = do_PUT = do_DELETE = do_POST = answer

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Busy)
threading.Thread(target=server.serve_forever, daemon=True).start()
session = requests.Session()
session.trust_env = False
session.mount("http://", HTTPAdapter(max_retries=2))
for path in "", "2":
    for method in "GET", "PUT", "DELETE", "POST":
        arrived = 0
        started = time.monotonic()
        status = session.request(method, f"http://127.0.0.1:{server.server_port}/{path}", timeout=1).status_code
        is_long = time.monotonic() - started > 3.9
        print(f"{method} {path or '-'}: {arrived} requests, {status}, {'longer' if is_long else 'less'} than 3.9 s")
EOF

actual=$(venv/bin/python check.py)
echo "$actual"
[ "$actual" = "GET -: 1 requests, 503, less than 3.9 s
PUT -: 1 requests, 503, less than 3.9 s
DELETE -: 1 requests, 503, less than 3.9 s
POST -: 1 requests, 503, less than 3.9 s
GET 2: 3 requests, 503, longer than 3.9 s
PUT 2: 3 requests, 503, longer than 3.9 s
DELETE 2: 3 requests, 503, longer than 3.9 s
POST 2: 1 requests, 503, less than 3.9 s" ]
