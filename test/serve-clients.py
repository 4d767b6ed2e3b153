"""Checks of test/serve-clients.sh: clients against `poe serve`. Prints one line a check; exit code 1 if one fails."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import traceback

import anthropic
import litellm
import openai

URL = os.environ["ANTHROPIC_BASE_URL"]
KEY = os.environ["OPENAI_API_KEY"]
VIA = os.environ["VIA"]
WORK = pathlib.Path(os.environ["WORK"])
ECHO = "Sandbox-Echo"
failures = 0


def check(name, run):
    global failures
    try:
        run()
        print(f"  ok      {name}")
    except Exception:
        failures += 1
        print(f"  failed  {name}")
        traceback.print_exc()


def same(actual, expected):
    assert actual == expected, f"{actual!r} instead of {expected!r}"


def fails(run, text, status=None):
    try:
        result = run()
    except Exception as error:
        assert text in str(error), f"{error!r} does not contain {text!r}"
        assert status in (None, getattr(error, "status_code", None)), f"{error!r} has another status than {status}"
    else:
        raise AssertionError(f"no error, but {result!r}")


def user(text):
    return {"role": "user", "content": text}


HELLO = "hello, 世界"
HELLOS = [user(HELLO)]

# openai

ai = openai.OpenAI()


def openai_whole():
    reply = ai.chat.completions.create(model=ECHO, messages=HELLOS)
    same(reply.choices[0].message.content, HELLO)
    assert reply.usage.total_tokens > 0


def openai_stream():
    chunks = list(
        ai.chat.completions.create(
            model=ECHO, messages=HELLOS, stream=True, stream_options={"include_usage": True}
        )
    )
    same("".join(c.choices[0].delta.content or "" for c in chunks if c.choices), HELLO)
    assert chunks[-1].usage.total_tokens > 0


def openai_helper():
    with ai.chat.completions.stream(model=ECHO, messages=HELLOS) as stream:
        same(stream.get_final_completion().choices[0].message.content, HELLO)


def openai_responses():
    same(ai.responses.create(model=ECHO, input=HELLO).output_text, HELLO)
    with ai.responses.stream(model=ECHO, input=HELLO) as stream:
        same(stream.get_final_response().output_text, HELLO)


def openai_image():
    png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAwS2OUAAAAABJRU5ErkJggg=="
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{png}"}},
    ]
    reply = ai.chat.completions.create(model="Sandbox-Files", messages=[user(parts)])
    size = len(base64.b64decode(png))
    assert f"image/png, {size}, " in reply.choices[0].message.content, reply.choices[0].message.content


def openai_conversation():
    messages = [{"role": "system", "content": "Be brief."}, user("one")]
    first = ai.chat.completions.with_raw_response.create(model=ECHO, messages=messages)
    reply = first.parse().choices[0].message
    more = [*messages, {"role": "assistant", "content": reply.content}, user("two")]
    second = ai.chat.completions.with_raw_response.create(model=ECHO, messages=more)
    same(second.parse().choices[0].message.content, "two")
    same(second.headers["x-poe-chat"], first.headers["x-poe-chat"])


def openai_json():
    fields = {"name": {"type": "string"}, "age": {"type": "integer"}}
    schema = {"type": "object", "properties": fields, "required": ["name", "age"], "additionalProperties": False}
    reply = ai.chat.completions.create(
        model="Assistant",
        messages=[user("Describe a person.")],
        response_format={"type": "json_schema", "json_schema": {"name": "person", "schema": schema, "strict": True}},
    )
    same(json.loads(reply.choices[0].message.content), {"name": "Ada", "age": 36})


def openai_models():
    assert ECHO.lower() in [m.id.lower() for m in ai.models.list()] or VIA == "web"
    same(ai.models.retrieve("GPT-4o" if VIA == "web" else ECHO).object, "model")


def openai_token():
    other = openai.OpenAI(api_key="wrong")
    fails(lambda: other.chat.completions.create(model=ECHO, messages=HELLOS), "token", 401)


check("openai: a reply", openai_whole)
check("openai: a streamed reply", openai_stream)
check("openai: its helper for streams", openai_helper)
check("openai: responses", openai_responses)
if VIA == "web":
    check("openai: an image", openai_image)
if VIA == "web":
    check("openai: a conversation stays in its chat", openai_conversation)
    check("openai: JSON that matches a schema", openai_json)
    check(
        "openai: a bot that fails",
        lambda: fails(
            lambda: ai.chat.completions.create(model="Sandbox-Fails", messages=HELLOS), "not available", 424
        ),
    )
check("openai: models", openai_models)
check("openai: a wrong token", openai_token)
check(
    "openai: an unknown bot",
    lambda: fails(lambda: ai.chat.completions.create(model="nobody", messages=HELLOS), "nobody", 404),
)
check(
    "openai: embeddings",
    lambda: fails(lambda: ai.embeddings.create(model=ECHO, input="x"), "mbeddings"),
)

# anthropic

claude = anthropic.Anthropic(api_key=KEY)


def anthropic_whole():
    reply = claude.messages.create(model=ECHO, messages=HELLOS, max_tokens=99)
    same(reply.content[-1].text, HELLO)
    same(reply.stop_reason, "end_turn")


def anthropic_stream():
    with claude.messages.stream(model=ECHO, messages=HELLOS, max_tokens=99) as stream:
        text = "".join(stream.text_stream)
        same(stream.get_final_message().stop_reason, "end_turn")
    same(text, HELLO)


check("anthropic: a message", anthropic_whole)
check("anthropic: a streamed message", anthropic_stream)
check("anthropic: models", lambda: next(iter(claude.models.list())))

# litellm: all three formats

litellm.suppress_debug_info = True
keys = {"api_key": KEY}


def litellm_stream():
    chunks = litellm.completion(
        model=f"openai/{ECHO}", messages=HELLOS, api_base=f"{URL}/v1", stream=True, **keys
    )
    same("".join(chunk.choices[0].delta.content or "" for chunk in chunks), HELLO)


def litellm_fields():
    reply = litellm.completion(
        model=f"openai/{ECHO}",
        messages=HELLOS,
        api_base=f"{URL}/v1",
        temperature=1,
        max_tokens=9,
        seed=1,
        user="someone",
        response_format={"type": "json_object"},
        presence_penalty=0.5,
        **keys,
    )
    same(reply.choices[0].message.content, HELLO)


def litellm_messages(stream):
    reply = litellm.completion(
        model=f"anthropic/{ECHO}", messages=HELLOS, api_base=URL, max_tokens=99, stream=stream, **keys
    )
    if stream:
        same("".join(chunk.choices[0].delta.content or "" for chunk in reply), HELLO)
    else:
        same(reply.choices[0].message.content, HELLO)


def litellm_responses():
    reply = litellm.responses(model=f"openai/{ECHO}", input="hello", api_base=f"{URL}/v1", **keys)
    same(reply.output[0].content[0].text, "hello")


check("litellm: chat completions, streamed", litellm_stream)
check("litellm: chat completions, with many fields", litellm_fields)
check("litellm: messages", lambda: litellm_messages(False))
check("litellm: messages, streamed", lambda: litellm_messages(True))
check("litellm: responses", litellm_responses)

# llm: chat completions by the command line


def run(*words, **more):
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout.rstrip("\n")


folder = WORK / "llm"
folder.mkdir()
os.environ["LLM_USER_PATH"] = str(folder)
names = [ECHO, "Sandbox-Memory", "Sandbox-Sums"]
models = [
    {"model_id": name, "model_name": name, "api_base": f"{URL}/v1", "api_key_name": "poe", "vision": True}
    for name in names
]
(folder / "extra-openai-models.yaml").write_text(json.dumps(models))
(folder / "keys.json").write_text(json.dumps({"poe": KEY}))


def llm_conversation():
    run("llm", "-m", ECHO, "-s", "Be brief.", "one")
    same(run("llm", "-c", "two"), "two")


check("llm: a streamed reply", lambda: same(run("llm", "-m", ECHO, HELLO), HELLO))
check("llm: a reply as one object", lambda: same(run("llm", "-m", ECHO, "--no-stream", HELLO), HELLO))
check("llm: a conversation with a system prompt", llm_conversation)
check("llm: options", lambda: same(run("llm", "-m", ECHO, "-o", "temperature", "1", "-o", "max_tokens", "9", HELLO), HELLO))

# aichat

if shutil.which("aichat"):
    (WORK / "aichat").mkdir()
    os.environ["AICHAT_CONFIG_DIR"] = str(WORK / "aichat")
    client = {"type": "openai-compatible", "name": "poe", "api_base": f"{URL}/v1", "api_key": KEY}
    client["models"] = [{"name": ECHO, "supports_vision": True}]
    messages = {"type": "claude", "name": "poe-messages", "api_base": f"{URL}/v1", "api_key": KEY}
    messages["models"] = [{"name": ECHO, "max_output_tokens": 99}]
    config = {"model": f"poe:{ECHO}", "clients": [client, messages]}
    (WORK / "aichat" / "config.yaml").write_text(json.dumps(config))

    def aichat_session():
        same(run("aichat", "--session", "one", "--save-session", "first"), "first")
        same(run("aichat", "--session", "one", "--save-session", "second"), "second")

    check("aichat: a streamed reply", lambda: same(run("aichat", HELLO), HELLO))
    check("aichat: a reply as one object", lambda: same(run("aichat", "--no-stream", HELLO), HELLO))
    check("aichat: a session", aichat_session)
    check("aichat: messages", lambda: run("aichat", "-m", f"poe-messages:{ECHO}", HELLO))

raise SystemExit(1 if failures else 0)
