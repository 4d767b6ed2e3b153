#!/usr/bin/env bash
# Runs other people's clients of Poe's API against the sandbox: fastapi_poe, llm and litellm from PyPI.
# Not part of CI, because their newest versions are used. Run it after `npm run build`. It needs Python 3.10 or newer, and
# a connection to PyPI for the first run.
# Usage: bash test/real-clients.sh [folder for the Python packages]
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

work=$(mktemp -d)
packages=${1:-$work/python}
sandbox=
trap '[[ -z $sandbox ]] || kill "$sandbox"; rm -rf "$work"' EXIT

if ! command -v python3 >/dev/null; then
  echo 'Python is not installed: nothing to do.'
  exit 0
fi
if [[ ! -x $packages/bin/llm ]]; then
  python3 -m venv "$packages"
  "$packages/bin/pip" install --quiet fastapi_poe llm litellm
fi
"$packages/bin/pip" list 2>/dev/null | grep -E '^(fastapi_poe|llm|litellm) '

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

export LLM_USER_PATH="$work/llm" PATH="$packages/bin:$PATH" LITELLM_LOCAL_MODEL_COST_MAP=True
"$packages/bin/python" "$root/test/real-clients.py"
