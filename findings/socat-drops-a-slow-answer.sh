#!/usr/bin/env bash
# socat 1.7.4.4 (Debian 12): an answer that takes more than half a second is dropped, with status 0.
#
# A client that has sent its whole request closes its direction of the connection and waits for the answer. TCP, pipes
# and Unix sockets can do that for as long as they like. When socat has passed on the end of the request, it waits for
# half a second more, and then closes both sides. The answer is empty or ends in the middle, as if the server had ended
# it, and the server writes for nobody. It does not happen in a quick test, nor as long as the input stays open, as in a
# terminal. Requests to a model or an MCP server in a container, through a pipe, are of this kind. Pass `-t 600`.
#
# Expected output: "quick" arrives; "slow" only with -t 10; of an answer with a pause, only the first word; status 0
# each time. The script fails when the slow answer arrives without -t, or when the status reports it.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

cat >server.py <<'EOF'
import socket
import time

answers = {b"quick": ["quick"], b"slow": [2, "slow"], b"pause": ["one ", 2, "two"]}
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True:
    connection, _ = server.accept()
    request = b""
    while data := connection.recv(100):
        request += data
    try:
        for step in answers[request]:
            if isinstance(step, int):
                time.sleep(step)
            else:
                connection.sendall(step.encode())
    except OSError:
        pass
    connection.close()
EOF
exec 3< <(exec python3 server.py)
server=$!
trap 'kill "$server"; rm -rf "$dir"' EXIT
read -r port <&3

ask() {
	local request=$1
	shift
	answer=$(printf %s "$request" | socat "$@" - "TCP:127.0.0.1:$port")
	echo "$request${*:+ $*}: '$answer', status $?"
}

socat -V | sed -n 2p
{
	ask quick
	ask slow
	ask slow -t 10
	ask pause
} >output
cat output
[ "$(cat output)" = "quick: 'quick', status 0
slow: '', status 0
slow -t 10: 'slow', status 0
pause: 'one ', status 0" ]
