"""See real-bot-clients.sh."""

import asyncio
import os
import subprocess
import sys
import threading
import time

import fastapi_poe as fp
import httpx
import uvicorn
from fastapi_poe.client import BotError, BotErrorNoRetry
from fastapi_poe.types import SettingsResponse

server = os.environ["SERVER_URL"] + "/"
key = os.environ["POE_ACCESS_KEY"]


def check(what, actual, expected):
    if actual != expected:
        sys.exit(f"{what}: expected {expected!r}, got {actual!r}")
    print(f"ok  {what}")


async def ask(path, content, **more):
    message = fp.ProtocolMessage(role="user", content=content, **more)
    return [part async for part in fp.get_bot_response([message], path, key, base_url=server)]


async def use_client():
    parts = await ask("every", "hello", parameters={"depth": 2})
    check("meta", (parts[0].content_type, parts[0].suggested_replies), ("text/plain", True))
    check("text with a split character", "".join(part.text for part in parts[1:3]), "Grüße 👋")
    replaced = [part.text for part in parts if part.is_replace_response]
    check("replace_response and parameters", replaced, ['hello {"depth":2}'])
    [file] = [part.attachment for part in parts if part.attachment]
    check("file", (file.url, file.name, file.inline_ref), ("https://x.example/a.png", "a.png", "a"))
    check("suggested replies", [part.text for part in parts if part.is_suggested_reply], ["More"])
    check("2000 events", len(await ask("every", "big")), 2000)

    try:
        await ask("every", "fail")
        sys.exit("a bot that throws must be an error")
    except BotErrorNoRetry as error:
        check("error", str(error), '{"allow_retry":false,"text":"The bot encountered an unexpected issue."}')

    try:
        async for _ in fp.get_bot_response(
            [fp.ProtocolMessage(role="user", content="x")], "every", "wrong", base_url=server
        ):
            pass
        sys.exit("a wrong access key must be an error")
    except BotError:
        print("ok  a wrong access key is an error")

    query = fp.QueryRequest(
        version="1.2",
        type="query",
        query=[fp.ProtocolMessage(role="user", content="Weather?")],
        user_id="",
        conversation_id="",
        message_id="",
    )
    tool = {
        "type": "function",
        "function": {"name": "weather", "description": "", "parameters": {"type": "object", "properties": {}}},
    }

    def weather(city):
        return f"sun in {city}"

    parts = [
        part.text
        async for part in fp.stream_request(
            query,
            "tools",
            key,
            tools=[fp.ToolDefinition(**tool)],
            tool_executables=[weather],
            base_url=server,
        )
    ]
    check("tools", "".join(parts), 'The result is "sun in Rome"')
    check("final response", await fp.get_final_response(query, "default", key, base_url=server), "Hi")


def post(path, body):
    return httpx.post(server + path, json={"version": "1.2", **body}, headers={"Authorization": f"Bearer {key}"})


def use_requests():
    check("settings", post("default", {"type": "settings"}).json(), SettingsResponse().model_dump())
    about = {"message_id": "m", "user_id": "u", "conversation_id": "c"}
    check("feedback", post("default", {"type": "report_feedback", "feedback_type": "like", **about}).json(), {})
    check("reaction", post("default", {"type": "report_reaction", "reaction": "x", **about}).json(), {})
    check("error report", post("default", {"type": "report_error", "message": "m", "metadata": {}}).json(), {})


class Echo(fp.PoeBot):
    """A bot of Poe's own server, which the sandbox asks."""

    async def get_response(self, request):
        yield self.replace_response_event("Thinking…")
        yield self.replace_response_event(" / ".join(f"{each.role}: {each.content}" for each in request.query))
        yield self.suggested_reply_event("More")
        yield fp.PartialResponse(text=" 👋")


def serve_python():
    """Serves the bot, and returns its URL."""
    app = fp.make_app(Echo(access_key=key))
    python = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    threading.Thread(target=python.run, daemon=True).start()
    while not python.started:
        time.sleep(0.05)
    return f"http://127.0.0.1:{python.servers[0].sockets[0].getsockname()[1]}/"


program = """
const {startSandbox} = await import(`${process.env.SANDBOX_LIBRARY}/sandbox.js`);
const {connect, connectWithKey} = await import(`${process.env.SANDBOX_LIBRARY}/index.js`);
const sandbox = await startSandbox({pace: 0});
sandbox.addServerBot('PythonEcho', {url: process.argv[1], key: process.env.POE_ACCESS_KEY});
const {apiKey, apiUrl} = sandbox;
for (const poe of [await connect({...sandbox.tokens, baseUrl: sandbox.url}), await connectWithKey({apiKey, apiUrl})]) {
  const reply = await (await poe.send('one', {bot: 'PythonEcho'})).result();
  const next = await (await poe.send('two', {chat: reply.chat})).result();
  console.log(JSON.stringify([next.text, next.suggestedReplies]));
  poe.close();
}
await sandbox.close();
"""

asyncio.run(use_client())
use_requests()
out = subprocess.run(
    ["node", "--input-type=module", "-e", program, serve_python()], capture_output=True, text=True, check=False
)
expected = '["user: one / bot: user: one 👋 / user: two 👋",["More"]]\n'
check("the sandbox asks a bot of fastapi_poe", out.stdout + out.stderr, expected * 2)
