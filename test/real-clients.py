"""Checks of test/real-clients.sh: clients from PyPI against a sandbox. Prints one line a check; exit code 1 if one fails."""

import asyncio
import json
import os
import pathlib
import subprocess
import traceback

import fastapi_poe as fp
import litellm

API = os.environ["POE_API_URL"]
KEY = os.environ["POE_API_KEY"]
failures = 0


def check(name, run):
    global failures
    try:
        run()
        print(f"ok      {name}")
    except Exception:
        failures += 1
        print(f"failed  {name}")
        traceback.print_exc()


def same(actual, expected):
    assert actual == expected, f"{actual!r} instead of {expected!r}"


def fails(run, text):
    try:
        result = run()
    except Exception as error:
        assert text in str(error), f"{error!r} does not contain {text!r}"
    else:
        raise AssertionError(f"no error, but {result!r}")


# fastapi_poe: Poe's own protocol


def ask_native(bot, content, **more):
    message = fp.ProtocolMessage(role="user", content=content, **more)
    parts = fp.get_bot_response_sync([message], bot, KEY, base_url=f"{API}/bot/")
    return "".join(part.text for part in parts if not getattr(part, "is_suggested_reply", False))


def native_final():
    async def run():
        message = fp.ProtocolMessage(role="user", content="hello")
        request = fp.QueryRequest(
            version="1.2", type="query", query=[message], user_id="", conversation_id="", message_id=""
        )
        return await fp.get_final_response(request, "Sandbox-Count", KEY, base_url=f"{API}/bot/")

    same(asyncio.run(run()), "1 2 3")


def native_file():
    attachment = fp.upload_file_sync(
        b"one", file_name="a.txt", api_key=KEY, base_url=os.environ["POE_UPLOAD_URL"].rsplit("/", 1)[0]
    )
    text = ask_native("Sandbox-Files", "look", attachments=[attachment])
    assert text.startswith("a.txt, text/plain, 3, "), text


def native_parameters():
    same(json.loads(ask_native("Sandbox-Parameters", "x", parameters={"effort": "high"})), {"effort": "high"})


check("fastapi_poe: a reply", lambda: same(ask_native("Sandbox-Echo", "hello, 世界"), "hello, 世界"))
check("fastapi_poe: a reply with every event", lambda: ask_native("Sandbox-Native", "hello"))
check("fastapi_poe: the final text", native_final)
check("fastapi_poe: an uploaded file", native_file)
check("fastapi_poe: parameters", native_parameters)
check("fastapi_poe: an error", lambda: fails(lambda: ask_native("Sandbox-Error", "insufficient_fund"), "asked for"))

# llm: chat completions by the command line


def llm(*words, **more):
    done = subprocess.run(["llm", *words], capture_output=True, text=True, timeout=60, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


folder = pathlib.Path(os.environ["LLM_USER_PATH"])
folder.mkdir(parents=True, exist_ok=True)
models = [
    {"model_id": f"poe-{name}", "model_name": f"Sandbox-{name}", "api_base": f"{API}/v1", "api_key_name": "poe"}
    for name in ["Echo", "Memory", "Parameters"]
]
(folder / "extra-openai-models.yaml").write_text(json.dumps(models))
(folder / "keys.json").write_text(json.dumps({"poe": KEY}))

check("llm: a streamed reply", lambda: same(llm("-m", "poe-Echo", "hello, 世界"), "hello, 世界"))
check("llm: a reply as one object", lambda: same(llm("-m", "poe-Echo", "--no-stream", "hello"), "hello"))
check(
    "llm: a conversation with a system prompt",
    lambda: (
        llm("-m", "poe-Memory", "-s", "Be brief.", "one"),
        same(
            llm("-c", "two"), "system: Be brief.\nuser: one\nassistant: system: Be brief.\nuser: one\nuser: two"
        ),
    ),
)
check(
    "llm: options",
    lambda: same(
        json.loads(llm("-m", "poe-Parameters", "-o", "temperature", "1", "-o", "max_tokens", "9", "-o", "seed", "5", "x")),
        {"temperature": 1, "max_tokens": 9},
    ),
)

# litellm: all three formats

hello = [{"role": "user", "content": "hello, 世界"}]
keys = {"api_key": KEY}


def litellm_stream():
    chunks = litellm.completion(
        model="openai/Sandbox-Echo", messages=hello, api_base=f"{API}/v1", stream=True, **keys
    )
    same("".join(chunk.choices[0].delta.content or "" for chunk in chunks), "hello, 世界")


def litellm_fields():
    reply = litellm.completion(
        model="openai/Sandbox-Echo",
        messages=hello,
        api_base=f"{API}/v1",
        temperature=1,
        max_tokens=9,
        seed=1,
        user="someone",
        response_format={"type": "json_object"},
        presence_penalty=0.5,
        logprobs=True,
        **keys,
    )
    same(reply.choices[0].message.content, "hello, 世界")


def litellm_poe():
    reply = litellm.completion(model="poe/Sandbox-Echo", messages=hello, api_base=f"{API}/v1", **keys)
    same(reply.choices[0].message.content, "hello, 世界")


def litellm_messages(stream):
    reply = litellm.completion(
        model="anthropic/Sandbox-Echo", messages=hello, api_base=API, max_tokens=9, stream=stream, **keys
    )
    if stream:
        same("".join(chunk.choices[0].delta.content or "" for chunk in reply), "hello, 世界")
    else:
        same(reply.choices[0].message.content, "hello, 世界")


def litellm_responses():
    reply = litellm.responses(model="openai/Sandbox-Echo", input="hello", api_base=f"{API}/v1", **keys)
    same(reply.output[0].content[0].text, "hello")


def litellm_broken(model, text):
    fails(
        lambda: litellm.completion(
            model=f"openai/{model}", messages=hello, api_base=f"{API}/v1", num_retries=0, max_retries=0, **keys
        ),
        text,
    )


litellm.suppress_debug_info = True
check("litellm: chat completions, streamed", litellm_stream)
check("litellm: chat completions, with many fields", litellm_fields)
check("litellm: its provider for Poe", litellm_poe)
check("litellm: messages", lambda: litellm_messages(False))
check("litellm: messages, streamed", lambda: litellm_messages(True))
check("litellm: responses", litellm_responses)
check("litellm: a bot that fails", lambda: litellm_broken("Sandbox-Broken", "unavailable"))
check("litellm: an unknown bot", lambda: litellm_broken("nobody", "not found"))

raise SystemExit(1 if failures else 0)
