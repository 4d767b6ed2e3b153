#!/usr/bin/env bash
# Compares bot servers with Poe's own Python library: its client asks a bot of `poe bot serve`, and the sandbox asks a bot of its
# server. Not part of CI, because it needs Python 3.10 or newer, and a connection to PyPI for the first run.
# Run it after `npm run build`.
# Usage: bash test/real-bot-clients.sh [folder for the Python packages]
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

work=$(mktemp -d)
packages=${1:-$work/python}
server=
trap '[[ -z $server ]] || kill "$server"; rm -rf "$work"' EXIT

if ! command -v python3 >/dev/null; then
  echo 'Python is not installed: nothing to do.'
  exit 0
fi
if [[ ! -x $packages/bin/uvicorn ]]; then
  python3 -m venv "$packages"
  "$packages/bin/pip" install --quiet fastapi_poe uvicorn
fi
"$packages/bin/pip" list 2>/dev/null | grep -E '^(fastapi.poe|uvicorn) '

unset "${!POE_@}"
export POE_CONFIG_DIR="$work/config" POE_ACCESS_KEY=abcdefghijklmnopqrstuvwxyz012345
mkdir "$work/bot"
cat >"$work/bot/every.mjs" <<'SCRIPT'
export default [
  {
    path: '/every',
    async *reply({message}) {
      if (message.content === 'fail') throw new Error('a secret');
      if (message.content === 'big') {
        for (let count = 0; count < 2000; count++) yield 'word ';
        return;
      }
      yield {type: 'meta', contentType: 'text/plain', suggestedReplies: true};
      yield 'Grüße ';
      yield '👋'.slice(0, 1);
      yield '👋'.slice(1);
      yield {type: 'replace_response', text: `${message.content} ${JSON.stringify(message.parameters)}`};
      yield {type: 'file', url: 'https://x.example/a.png', contentType: 'image/png', name: 'a.png', inlineRef: 'a'};
      yield {type: 'suggested_reply', text: 'More'};
    },
  },
  {path: '/default', reply: async () => 'Hi'},
  {path: '/tools', async *reply({tools, toolResults}) {
    if (toolResults) return yield `The result is ${toolResults[0].content}`;
    const call = {index: 0, id: 'call_1', type: 'function', function: {name: tools[0].function.name, arguments: '{"city": "Rome"}'}};
    yield {type: 'json', data: {choices: [{delta: {tool_calls: [call]}, finish_reason: null}]}};
    yield {type: 'json', data: {choices: [{delta: {}, finish_reason: 'tool_calls'}]}};
  }},
];
SCRIPT
node "$root/bin/poe.js" bot serve "$work/bot/every.mjs" --port 0 --json >"$work/served.json" &
server=$!
for _ in {1..100}; do
  [[ -s $work/served.json ]] && break
  sleep 0.1
done

export SERVER_URL
SERVER_URL=$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1])).url' "$work/served.json")
cd "$work"
SANDBOX_LIBRARY="$root/dist/lib" "$packages/bin/python" "$root/test/real-bot-clients.py"
