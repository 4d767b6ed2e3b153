#!/usr/bin/env bash
# Runs other people's clients against `poe serve` in the sandbox, with an API key and with a browser session: openai,
# anthropic, litellm and llm from PyPI, and aichat if it is installed (`cargo install aichat`).
# Not part of CI, because their newest versions are used. Run it after `npm run build`. It needs Python 3.10 or newer, and
# a connection to PyPI for the first run.
# Usage: bash test/serve-clients.sh [folder for the Python packages]
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
if [[ ! -x $packages/bin/llm ]]; then
  python3 -m venv "$packages"
  "$packages/bin/pip" install --quiet openai anthropic litellm llm
fi
"$packages/bin/pip" list 2>/dev/null | grep -E '^(openai|anthropic|litellm|llm) '
if command -v aichat >/dev/null; then aichat --version; else echo 'aichat is not installed: its checks are left out.'; fi

unset "${!POE_@}" "${!OPENAI_@}" "${!ANTHROPIC_@}"
export POE_CONFIG_DIR="$work/config" PATH="$packages/bin:$PATH" LITELLM_LOCAL_MODEL_COST_MAP=True
failures=0
for via in api web; do
  echo "poe --sandbox serve --via $via"
  node "$root/bin/poe.js" --sandbox serve --via "$via" >"$work/$via.env" 2>"$work/$via.log" &
  server=$!
  for _ in {1..100}; do
    [[ -s $work/$via.env ]] && break
    sleep 0.1
  done
  set -a
  # shellcheck source=/dev/null
  source <(grep '^export' "$work/$via.env")
  set +a
  mkdir -p "$work/$via"
  VIA=$via WORK="$work/$via" "$packages/bin/python" "$root/test/serve-clients.py" || failures=1
  kill "$server"
  wait "$server" || true
  server=
done
exit "$failures"
