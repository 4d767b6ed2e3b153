#!/usr/bin/env bash
# fastapi_poe 0.0.83: the text of an exception in a bot is sent to whoever asked it.
#
# If a bot raises an exception, its server answers with an `error` event with a general text, as users should see it. But the event
# also has the field `raw_response` with the representation of the exception. Exceptions often quote what they failed on, such as a
# URL with a key or a connection string. Poe's client shows the field in the message of its error.
#
# Expected output: the error that the client raises contains the password of a database of the bot. The script fails when it does
# not.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"

python3 -m venv venv
venv/bin/pip install --quiet --no-compile --disable-pip-version-check fastapi_poe==0.0.83 uvicorn==0.38.0

cat >ask.py <<'EOF_PYTHON'
import asyncio
import logging
import threading
import time

import fastapi_poe as fp
import uvicorn

logging.disable()


class Bot(fp.PoeBot):
    async def get_response(self, request):
        yield fp.PartialResponse(text="Looking it up")
        raise ConnectionError("cannot connect to postgres://bot:hunter2@db.example/bot")


app = fp.make_app(Bot(), allow_without_key=True)
server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical"))
threading.Thread(target=server.run, daemon=True).start()
while not server.started:
    time.sleep(0.05)
url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
question = fp.ProtocolMessage(role="user", content="?")


async def main():
    try:
        async for _ in fp.get_bot_response([question], "", "key", base_url=url):
            pass
    except Exception as error:
        print(f"{type(error).__name__}: {error}")


asyncio.run(main())
EOF_PYTHON

actual=$(venv/bin/python ask.py)
echo "$actual"
grep -q 'The bot encountered an unexpected issue' <<<"$actual"
grep -q hunter2 <<<"$actual"
