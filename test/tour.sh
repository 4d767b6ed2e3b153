#!/usr/bin/env bash
# Types every command of poe once, against a sandbox of its own, and checks what each of them says. What it prints can be read
# as a tour. It needs jq and a build (npm ci makes one): bash test/tour.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

home=$(mktemp -d)
export POE_CONFIG_DIR="$home/poe"
sandbox=
trap '[[ -z $sandbox ]] || kill "$sandbox" 2>/dev/null; rm -rf "$home"' EXIT

poe() { node bin/poe.js "$@" </dev/null; }

# Shows a command and what it says, and keeps that in $said.
say() {
  printf '\n$ poe %s\n' "$*"
  said=$(poe "$@")
  sed -n '1,12p' <<<"$said" | cut -c1-160
}

# Holds what was said last, as JSON, to a condition. Lists are taken together.
holds() {
  jq -es "$@" <<<"$said" >/dev/null || { printf 'This does not hold: %s\n' "$*" >&2; exit 1; }
}

# A command that has to fail, and the exit code it has to have.
fails() {
  local expected=$1 code=0
  shift
  printf '\n$ poe %s\n' "$*"
  poe "$@" || code=$?
  [[ $code == "$expected" ]] || { printf 'It ended with %s, not %s.\n' "$code" "$expected" >&2; exit 1; }
}

printf '$ poe sandbox\n'
mkfifo "$home/env"
node bin/poe.js sandbox </dev/null >"$home/env" 2>/dev/null &
sandbox=$!
# It goes on serving when it has said its environment.
while read -r line; do
  printf '%s\n' "${line:0:100}"
  eval "$line"
  [[ $line != *POE_P_LAT* ]] || break
done <"$home/env"

say --version
[[ $said =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
say help send
say login --json
holds '.[0].method == "web" and .[0].profile == "default"'
say whoami --json
holds '.[0].email == "sandbox@poe.example"'

say send -b gemini-2.0-flash '2x2?'
[[ $said == *4* ]]
printf 'line 1\nline 2\n' >"$home/notes.txt"
say send --json --info -b Sandbox-Files -f "$home/notes.txt" 'what is this?'
holds '.[0] | (.text | startswith("notes.txt, text/plain, 14")) and .points.cost == 2 and .state == "complete"'
say send --stream-json -b Sandbox-Count 'count to 5'
holds '.[0].type == "start" and .[-1].type == "done" and .[-1].text == "1 2 3 4 5"'
say send -x -b Sandbox-Code 'some code'
[[ $said == *'def double'* && $said != *'```'* ]]
fails 5 send --max-points 1 -b Sandbox-Count 'too dear'
fails 3 send -b gemni-2.0-flash 'hello'

say send --json -b Sandbox-App 'two apps, please'
chat=$(jq -r .chat.chatCode <<<"$said") number=$(jq .chat.chatId <<<"$said")
question=$(jq .userMessage.messageId <<<"$said") answer=$(jq .botMessage.messageId <<<"$said")
code=$(jq -r .botMessage.messageCode <<<"$said")
say previews "$answer" --json
holds '.[0].urls | length == 2'
say cost "$code" --json
holds '.[0].points == 2'
say retry "$chat" --json
holds '.[0].state == "complete"'
say attach last --json
holds --argjson number "$number" '.[0].chat.chatId == $number'
say cancel "$chat" --json
holds '.[0].cancelled'
say share "https://poe.com/chat/$chat" --json
holds '.[0].url | test("/s/")'
link=$(jq -r .url <<<"$said")
say import "$link" --json
holds --argjson number "$number" '.[0].chatId != $number'
say delete-messages "$chat" "$question" "$answer" --yes --json
holds '.[0].deleted == 2'

say history -n 3
[[ $(wc -l <<<"$said") == 3 ]]
say history --bot GPT-4o-Mini -n 5 --json
holds 'length <= 5 and all(.bot == "GPT-4o-Mini")'
say history show last --json
holds 'length >= 2 and .[0].author == "human"'
say history export last --format html
[[ $said == '<!doctype html>'* ]]
say history export last --format md
say history export last --format json
holds '.[0].messages | length >= 2'
say history search lisbon --json
holds 'length > 0 and all(.title | ascii_downcase | contains("lisbon"))'
say title "$number" 'Two apps' --json
holds '.[0].title == "Two apps"'
say clear-context "$number" --json
holds '.[0].cleared'
say context-optimization "$number" off --json
holds '.[0].enabled == false'

say explore deepseek --json -n 3
holds 'length == 3 and all(.handle | test("deepseek"; "i"))'
say explore --user openai --json
holds '.[0].handle == "openai"'
say explore --category Reasoning -n 4
say categories --json
holds '.[0] | length == 25'
say bot-info claude-3.7-sonnet-reasoning --json
holds '.[0].botId == 1026 and .[0].displayMessagePointPrice == 123'
say user-info openai --json
followers=$(jq .followerCount <<<"$said")
say follow openai --json
holds '.[0].following'
say user-info openai --json
holds --argjson before "$followers" '.[0].followerCount == $before + 1'
say unfollow openai --json
holds '.[0].following == false'

say settings --json
holds '.[0].messagePointInfo.messagePointResetTime == "2025-03-25T00:04:39.000Z"'
say settings default-bot sandbox-echo --json
holds '.[0].defaultBot.displayName == "Sandbox-Echo"'
say settings point-limit 420 --json
holds '.[0].messagePointInfo.allChatDefaultPointPriceThresholdPerMessage == 420'

for shell in bash zsh fish powershell; do say completion "$shell"; done
say completion --values chats

fails 2 delete-chat "$number"
say delete-chat "$number" --yes --json
holds '.[0].deleted == 1'
fails 2 purge
say purge --yes --json
holds '.[0].purged'
say history --json
[[ -z $said ]]
say logout --json
holds '.[0].method == "web"'

printf '\nEvery command did what it should.\n'
