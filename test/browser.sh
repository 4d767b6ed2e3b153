#!/usr/bin/env bash
# Exports chats of the sandbox as web pages, and opens them and the status page of poe serve in Chromium: dark and light, on a
# desktop and on a phone. Fails if a page reports an error or makes a request. Not part of CI, because it installs a browser (70 MB) from npm. Run it after
# `npm run build`, on Linux with x64.
# Usage: bash test/browser.sh [folder for the pictures [folder for the browser]]
# To check other pages: node test/browser/check-pages.mjs <folder for the browser> <folder for the pictures> <URL or file>...
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

work=$(mktemp -d)
pictures=${1:-$work/pictures}
packages=${2:-$work/browser}
sandbox=
server=
trap 'for child in $sandbox $server; do kill "$child"; done; wait; rm -rf "$work"' EXIT
# The browser is unpacked to the folder for temporary files.
export TMPDIR="$work"

if [[ ! -d $packages/node_modules/puppeteer-core ]]; then
  mkdir -p "$packages"
  echo '{"private": true}' >"$packages/package.json"
  npm install --prefix "$packages" --silent --no-audit --no-fund --ignore-scripts @sparticuz/chromium puppeteer-core
fi

unset "${!POE_@}"
export POE_CONFIG_DIR="$work/config"
node "$root/bin/poe.js" sandbox >"$work/sandbox.env" &
sandbox=$!
for _ in {1..100}; do
  [[ -s $work/sandbox.env ]] && break
  sleep 0.1
done
set -a
# shellcheck source=/dev/null
source <(grep '^export' "$work/sandbox.env")
set +a

poe=(node "$root/bin/poe.js" -q)
"${poe[@]}" send -b gemini-2.0-flash 'Write a Python function that adds two numbers, with a table' >/dev/null
"${poe[@]}" send -b Sandbox-Image 'a lighthouse' >/dev/null
"${poe[@]}" send -b Sandbox-Echo '<script>alert(1)</script> <img src=x onerror=alert(1)> ![x](https://example.com/x.png) السلام عليكم 東京' >/dev/null
"${poe[@]}" history export --all "$work/chats" --format html
mapfile -t newest < <(find "$work/chats" -name '*.html' ! -name index.html -printf '%T@ %p\n' | sort -n | head -n 3 | cut -d' ' -f2-)

"${poe[@]}" serve token add editor --budget 2000/day >"$work/token" 2>/dev/null
node "$root/bin/poe.js" serve --via web >"$work/serve.out" 2>"$work/serve.err" &
server=$!
for _ in {1..100}; do
  page=$(grep -ohE 'http://[^ ]*\?key=[0-9a-f]+' "$work/serve.out" "$work/serve.err" || true)
  [[ -n $page ]] && break
  sleep 0.1
done
curl -sf "${page%%\?*}v1/chat/completions" -H "Authorization: Bearer $(cat "$work/token")" \
  -H 'Content-Type: application/json' -d '{"model": "Sandbox-Echo", "messages": [{"role": "user", "content": "hello"}]}' >/dev/null

node "$root/test/browser/check-pages.mjs" "$packages" "$pictures" "$work/chats/index.html" "${newest[@]}" "$page"
