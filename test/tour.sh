#!/usr/bin/env bash
# A tour of poe: runs every command against a sandbox, checks its output and prints a transcript.
# Run it after `npm run build`: bash test/tour.sh [2026-08|2025-03]. The argument is the site version, by default 2026-08.
# It requires bash 4.4, curl and jq, but no account and no network.
set -euo pipefail
site=${1:-2026-08}
bin="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/bin/poe.js"

home=$(mktemp -d)
sandbox=
# The sandbox stores its compiled code when it ends.
server=
trap '[[ -z $server ]] || kill "$server"; [[ -z $sandbox ]] || { kill "$sandbox"; wait "$sandbox" || true; }; rm -rf "$home"' EXIT
unset "${!POE_@}"
export POE_CONFIG_DIR="$home/config"
cd "$home"

poe() { node "$bin" "$@"; }

section() { printf '\n# %s\n\n' "$*"; }

# Prints a command line as you would type it, and records the name of the command.
commands=' '
show_command() {
  local word line='$ poe'
  commands+="$1 "
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9._:/@%=+-]+$ ]]; then line+=" $word"; else line+=" '${word//\'/\'\\\'\'}'"; fi
  done
  printf '%s\n' "$line"
}

# Prints the first lines of a text, and shortens long lines.
show_text() {
  local lines line
  mapfile -t lines <<<"$1"
  for line in "${lines[@]:0:8}"; do
    if ((${#line} > 200)); then line="${line:0:200}…"; fi
    printf '%s\n' "$line"
  done
  if ((${#lines[@]} > 8)); then printf '(%d lines in total)\n' "${#lines[@]}"; fi
}

# Runs a command with empty stdin. Its output is then in $out and $err.
run() { run_with_stdin '' "$@"; }

# Runs a command with this text on stdin.
run_with_stdin() {
  local input="$1"
  shift
  show_command "$@"
  out=$(printf '%s' "$input" | poe "$@" 2>"$home/err") || fail "exit code $?: $(<"$home/err")"
  err=$(<"$home/err")
  [[ -z $out ]] || show_text "$out"
  [[ -z $err ]] || show_text "$err"
  echo
}

# Runs a command that must fail with this exit code.
run_failing() {
  local code=0
  show_command "${@:2}"
  out=$(poe "${@:2}" 2>"$home/err" </dev/null) || code=$?
  err=$(<"$home/err")
  printf '%s\n(exit code %d)\n\n' "$err" "$code"
  [[ $code == "$1" ]] || fail "exit code $code instead of $1"
}

# Checks $out with a jq filter. check_json_lines reads all lines as one array.
check_json() { jq -e "$@" <<<"$out" >"$home/jq" 2>&1 || fail "check failed: ${*: -1} ($(<"$home/jq"))"; }
check_json_lines() { jq -es "$@" <<<"$out" >"$home/jq" 2>&1 || fail "check failed: ${*: -1} ($(<"$home/jq"))"; }

# Prints a value of the JSON in $out.
value() { jq -er "$1" <<<"$out"; }

# Prints the first text on site version 2025-03, and the second one on 2026-08.
for_site() { if [[ $site == 2025-03 ]]; then printf '%s' "$1"; else printf '%s' "$2"; fi; }

# Checks that $out is this text, or that $out or another text contains it.
check_output() { [[ $out == "$1" ]] || fail "expected '$1', got '$out'"; }
check_contains() { [[ ${2-$out} == *"$1"* ]] || fail "expected '$1' in '${2-$out}'"; }

fail() {
  printf 'tour: line %s: %s\n' "${BASH_LINENO[-2]}" "$*" >&2
  exit 1
}

section 'Sandbox'
show_command sandbox --json --site "$site"
exec 3< <(exec node "$bin" sandbox --json --site "$site" 2>/dev/null)
sandbox=$!
read -r out <&3
show_text "$out"
check_json '.POE_BASE_URL | startswith("http://127.0.0.1:")'
POE_BASE_URL=$(value .POE_BASE_URL)
POE_API_URL=$(value .POE_API_URL)
export POE_BASE_URL POE_API_URL
key=$(value .POE_API_KEY)
tokens=$(value '{"p-b": .POE_P_B, "p-lat": .POE_P_LAT} | tojson')

section 'Login'
run_failing 4 whoami
run_with_stdin "$tokens" login --json
check_json '.profile == "default" and .method == "web" and (.uid | type) == "number" and .email == "sandbox@poe.example"'
run whoami
check_contains 'sandbox@poe.example'
run whoami --json
check_json --argjson tokens "$tokens" '.uid == 659168979 and ($tokens["p-b"] as $secret | tojson | contains($secret) | not)'

section 'Messages'
run '2x2?'
check_output '2 × 2 = 4'
run_with_stdin 'two
lines' send -b sandbox-echo 'words first'
check_output 'words first

two
lines'
run send --json -b Sandbox-Count 'count to 3'
check_json '.text == "1 2 3" and .state == "complete" and .bot == "Sandbox-Count"'
check_json '.attachments == [] and (.suggestedReplies | type) == "array" and .points == {"cost": null, "balance": null}'
check_json '(.userMessage.messageId | type) == "number" and (.botMessage.messageCode | type) == "string"'
chat=$(value .chat.chatCode)
number=$(value .chat.chatId)
question=$(value .userMessage.messageId)
answer=$(value .botMessage.messageId)
message=$(value .botMessage.messageCode)
run send --stream-json -c last 'count to 2'
check_json_lines --argjson number "$number" 'first.type == "start" and last.type == "done" and last.text == "1 2" and last.chat.chatId == $number'
check_json_lines '[.[] | select(.type == "append").text] | join("") == "1 2"'
run send --info --share -b Sandbox-Count 'count to 4'
check_output '1 2 3 4'
check_contains 'Cost    2 points' "$err"
check_contains "$POE_BASE_URL/s/" "$err"
run send -x -b Sandbox-Code 'some code'
check_contains 'def double(number):'
[[ $out != *'```'* ]] || fail 'the output contains more than the code'
printf '# Notes\n' >notes.md
printf '{"a": 1}' >data.json
run send -b Sandbox-Files -f notes.md -f data.json 'what are these?'
check_contains 'notes.md, text/markdown, 8'
check_contains 'data.json, application/json, 8'
run_failing 5 send --max-points 10 -b GPT-4.5-Preview 'too expensive'
run_failing 3 send -b gemni-2.0-flash hello
check_contains 'gemini-2.0-flash' "$err"
run_failing 3 send --json -b gemni-2.0-flash hello
check_output ''
out=$err check_json '.error | .code == "bot_not_found" and .retryable == false and (.hint | contains("gemini-2.0-flash"))'
run send -v -b Sandbox-Count 'count to 1'
check_contains "$(for_site S s)endMessageMutation: 200" "$err"
[[ $err != *"$(jq -r '.["p-b"]' <<<"$tokens")"* ]] || fail 'the output contains a secret'
run_failing 2 send -f nowhere.txt -b Sandbox-Files 'what is this?'

section 'Command line of poe-api-rust'
run 'count to 3' --bot-handle sandbox-count --chat-id "$number" --files notes.md --p-b "$(jq -r '.["p-b"]' <<<"$tokens")" --p-lat "$(jq -r '.["p-lat"]' <<<"$tokens")"
check_output '1 2 3'

section 'Replies'
run retry --json "$chat"
check_json --argjson number "$number" '.text == "1 2 3" and .state == "complete" and .chat.chatId == $number'
run attach --json "$number"
check_json '.text == "1 2 3" and .state == "complete"'
show_command send --stream-json -b Sandbox-Slow slowly
exec 4< <(exec node "$bin" send --stream-json -b Sandbox-Slow slowly 2>/dev/null </dev/null)
read -r out <&4
show_text "$out"
slow=$(value .chat.chatCode)
run cancel --json "$slow"
check_json '. == {"cancelled": true}'
out=$(tail -n 1 <&4)
show_text "$out"
check_json '.type == "error"'
run attach --json "$POE_BASE_URL/chat/$slow"
check_json '.state == "cancelled"'
run_failing 3 save "$chat"
run send --detach -b Sandbox-Count 'count to 3'
run jobs
check_json -R 'contains("Sandbox-Count")'
run attach last
check_output '1 2 3'
run jobs
run share --json "$chat"
check_json --arg site "$POE_BASE_URL" '.url | startswith($site + "/s/")'
run share --json "$chat" "$question" "$answer"
link=$(value .url)
run cost --json "$message"
check_json '. == {"points": 2}'
run cost --json "$chat"
check_json '. == {"points": 2}'
run send -q --json -b Sandbox-App 'two apps'
app=$(value .botMessage.messageId)
run previews --json "$app"
check_json '.urls | length == 2 and all(startswith("http"))'
run previews --json last
check_json '.urls | length == 2'
run delete-messages --json "$chat" "$question" "$answer"
check_json '. == {"deleted": 2}'
run history show --json "$chat"
check_json_lines --argjson ids "[$question, $answer]" 'length > 0 and all(.messageId | IN($ids[]) | not)'

section 'Bots and users'
run explore -n 2
[[ $(cut -f 2 <<<"$out") =~ ^$(for_site $'[0-9]+\n[0-9]+' '')$ ]] || fail 'the second column is not the price'
run explore --json deepseek
check_json_lines 'length > 0 and all(.handle | test("deepseek"; "i"))'
check_json_lines 'first | del(.parameters) | keys_unsorted | sort == (["id", "botId", "handle", "displayName", "model", "pictureUrl", "description", "poweredBy", "tags", "displayMessagePointPrice", "introduction", "isCreatedByPoeUserAccount"] | sort)'
run explore --json --bot 'Claude' -n 2
check_json_lines 'length == 2'
run explore --json --category Reasoning --all
check_json_lines 'length > 5'
run explore --user openai
check_contains 'openai'
run explore --json --user openai
check_json_lines 'first | .handle == "openai" and keys_unsorted == ["id", "uid", "handle", "fullName", "followerCount", "mediumProfilePhotoUrl", "profilePhotoUrl"]'
run categories --json
check_json 'length == 25 and first == "Official"'
run bot-info --json claude-3.7-sonnet-reasoning
check_json ''"$(for_site '.displayMessagePointPrice == 123' '.displayMessagePointPrice == null')"' and .botId == 1026 and .tags == ["OFFICIAL"]'
run user-info --json openai
check_json '.uid == 2910400879 and .followerCount == 2470'
run follow --json openai
check_json '. == {"following": true}'
run user-info --json openai
check_json '.followerCount == 2471'
run unfollow --json 2910400879
check_json '. == {"following": false}'
run user-info --json openai
check_json '.followerCount == 2470'
run_failing 3 user-info opnai

section 'Chats'
run history -n 3
[[ $(wc -l <<<"$out") == 3 ]] || fail 'expected three chats'
run history --json --limit 1
check_json_lines 'length == 1 and (first | keys_unsorted | sort == (["id", "chatId", "chatCode", "title", "bot", "lastInteractionTime"] | sort))'
check_json_lines 'first.lastInteractionTime | startswith("2025-03-")'
run history --json --all
check_json_lines 'length > 200 and ([.[].chatId] | length == (unique | length))'
run history --json --bot sandbox-echo
check_json_lines 'length == 1 and first.bot == "Sandbox-Echo"'
run history search --json lisbon
check_json_lines 'length > 0 and all(.title | test("lisbon"; "i"))'
run history show "$slow"
check_contains 'slowly'
run history export "$slow"
check_contains '## You'
run history export --format json "$slow"
check_json '(.messages | length == 2) and .messages[0].text == "slowly"'
run history export --format json -o slow.json "$slow"
run history import --json slow.json
check_json '.chatCode | startswith("local-")'
run history export --format html -o chat.html "$slow"
grep -q '<!doctype html>' chat.html || fail 'chat.html is not an HTML page'
run history export --json --format md --bot sandbox-echo --all exported
check_json '. == {"written": 1, "unchanged": 0}'
grep -q '^# Chats' exported/index.md || fail 'There is no index of the exported chats'
run sync --json --bot sandbox-echo --files
check_json '.chats.new == 1 and .messages > 0 and .files == 0'
run search --json --limit 1 --regex .
check_json_lines 'length == 1 and (first | (.role == "user" or .role == "bot") and (.snippet | length > 0))'
run history stats --json
check_json_lines 'length == 1 and first.chats == 1'
run archive path --json
check_json '.path | endswith(".db")'
run archive size --json
check_json '.chats == 1 and .bytes > 0'
run archive check --json
check_json '. == {"ok": true, "problems": []}'
run archive vacuum --json
check_json '.bytes > 0'
run history prune --json --dry-run --older-than 2000-01-01
[[ -z $out ]] || fail 'expected no chats'
run title --json "$chat" 'Counting, mostly'
check_json '.title == "Counting, mostly"'
run history --json --all
check_json_lines --arg chat "$chat" 'any(.chatCode == $chat and .title == "Counting, mostly")'
run clear-context --json "$chat"
check_json '. == {"cleared": true}'
run context-optimization --json "$chat" off
check_json '. == {"enabled": false}'
run context-optimization --json "$chat" on
check_json '. == {"enabled": true}'
run import --json "$link"
check_json --arg chat "$chat" '.chatCode != $chat and (.chatId | type) == "number"'
imported=$(value .chatCode)
run history show --json last
check_json_lines '[.[].text] == ["count to 3", "1 2 3"]'
run_failing 2 delete-chat "$imported"
run delete-chat --json --yes "$imported" "$slow"
check_json '. == {"deleted": 2}'
run_failing 3 history show "$imported"

section 'Account'
run settings --json
check_json '.uid == 659168979 and .messagePointInfo.messagePointResetTime == "2025-03-25T00:04:39.000Z"'
check_json '.messagePointInfo | .messagePointBalance < 1827 and .totalMessagePointAllotment == 3000'
run settings default-bot --json gemini-2.0-flash
check_json '.defaultBot.displayName == "gemini-2.0-flash"'
run settings point-limit --json 100
check_json '.messagePointInfo.allChatDefaultPointPriceThresholdPerMessage == 100'
run budget set 50000/month
run budget --json
check_json '.limit == 50000 and .period == "month"'
run settings
check_contains 'gemini-2.0-flash'
run send --json hello
check_json '.bot == "gemini-2.0-flash"'

section 'Several bots'
run compare --json 'count to 2' -b Sandbox-Count -b Sandbox-Echo
check_contains '"text":"1 2"'

section 'Many prompts'
printf '%s\n' '{"id": "a", "prompt": "one"}' '{"id": "b", "prompt": "two"}' >prompts.jsonl
run batch prompts.jsonl -b Sandbox-Echo --dry-run
check_contains '2 prompts to Sandbox-Echo'
run batch prompts.jsonl -b Sandbox-Echo -o results.jsonl
[[ $(wc -l <results.jsonl) == 2 ]] || fail 'expected two results'

section 'API key'
POE_API_KEY=$key run usage --since 7d
check_contains 'Assistant'
POE_API_KEY=$key run send --json --via api -b Sandbox-Count 'count to 3'
check_json '.text == "1 2 3" and .via == "api"'
run history branch --json last last
check_json '.bot == "Sandbox-Count"'
run delete-chat --json --yes last
check_json '. == {"deleted": 1}'

section 'Help'
run help all
names=$(sed -nE 's/^  ([a-z][a-z-]*) .*/\1/p' <<<"$out" | grep -vxE 'poe|git|chat')
run help send
check_contains '--max-points'
for shell in bash zsh fish powershell; do
  run completion "$shell"
  check_contains '--complete'
done
run completion --complete fish context
check_contains 'context-optimization'

section 'Doctor'
run doctor
check_contains 'socket'

section 'Templates'
run template save greet -b Sandbox-Echo 'Greet {{name}}:'
run send -t greet --var name=Ada 'in Latin'
check_contains 'Greet Ada:'
run template delete --yes greet

section 'Your own bots'
run bot init my-bot --handle My-Tour-Bot
mkdir -p my-bot/knowledge
echo 'The answer is 42.' >my-bot/knowledge/answer.md
run_failing 1 bot diff my-bot
run bot push my-bot --yes --json
check_json '.created == ["My-Tour-Bot", "knowledge/answer.md"]'
run bot diff my-bot
check_contains 'up to date'
run explore --mine --json
check_json '.handle == "My-Tour-Bot"'
run send -b My-Tour-Bot '2x2?'
check_contains '4'
printf 'cases: [{prompt: "2x2?", contains: "4"}]\n' >my-bot/tests.yaml
run bot test my-bot --json
check_json_lines 'length == 1 and first.passed'
run bot test my-bot --local -b Sandbox-Sums
run_failing 2 bot serve nowhere.mjs --no-key
run bot pull My-Tour-Bot copy
check_contains 'copy/bot.yaml'
run_failing 2 bot delete My-Tour-Bot
run bot delete My-Tour-Bot --yes
check_contains 'Deleted'

section 'MCP'
run_with_stdin '{"jsonrpc":"2.0","id":1,"method":"tools/list"}
' mcp
check_json '.result.tools | map(.name) | contains(["ask", "balance"])'
export HOME="$home"
run mcp install claude-code --yes
check_contains 'Added poe to'
jq -e '.mcpServers.poe.args[-1] == "mcp"' "$home/.claude.json" >/dev/null || fail 'poe is not in .claude.json'
run mcp uninstall claude-code --yes
[[ ! -e $home/.claude.json ]] || fail '.claude.json is still there'

section 'Serve'
run serve token add --json editor --budget 2000/day --bots 'Sandbox-*'
check_json '.name == "editor" and (.token | startswith("poe-serve-"))'
client_token=$(value .token)
show_command serve --json
exec 4< <(POE_API_KEY=$key exec node "$bin" serve --json --via api 2>/dev/null)
server=$!
read -r out <&4
show_text "$out"
check_json '.url | startswith("http://127.0.0.1:")'
url=$(value .url)
question='{"model": "Sandbox-Echo", "messages": [{"role": "user", "content": "hello"}]}'
out=$(curl -s "$url/v1/chat/completions" -H "Authorization: Bearer $client_token" -H 'Content-Type: application/json' -d "$question")
check_json '.choices[0].message.content == "hello"'
run serve status --json
check_json '.clients[0].name == "editor" and .clients[0].requests.total == 1'
kill "$server"
wait "$server" || true
server=
run serve token revoke editor
run serve token list

section 'Settings and files'
run config set theme dark
run config get theme
check_output 'dark'
run config unset theme
run_failing 3 open nosuchchat

section 'Purge and logout'
run_failing 2 purge
run purge --json --yes
check_json '. == {"purged": true}'
run history --json
check_output ''
run logout --json
check_json '. == {"profile": "default", "method": "web"}'
run_failing 4 history

for name in $names; do
  [[ $commands == *" $name "* ]] || fail "no test of poe $name"
done
section 'All checks passed.'
