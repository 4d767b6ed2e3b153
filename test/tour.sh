#!/usr/bin/env bash
# A tour of poe: every command once, against a sandbox, with what it prints checked. Prints a transcript.
# Run it after `npm ci`: bash test/tour.sh [2025-03|2026-08], the form of poe.com to take it on. It needs bash 4.4 and jq,
# no account and no network.
set -euo pipefail
site=${1:-2025-03}
bin="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/bin/poe.js"

home=$(mktemp -d)
sandbox=
trap '[[ -z $sandbox ]] || kill "$sandbox"; rm -rf "$home"' EXIT
unset "${!POE_@}"
export POE_CONFIG_DIR="$home/config"
cd "$home"

poe() { node "$bin" "$@"; }

part() { printf '\n# %s\n\n' "$*"; }

# Shows a command line as one types it, and takes down which command it is.
commands=' '
typed() {
  local word line='$ poe'
  commands+="$1 "
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9._:/@%=+-]+$ ]]; then line+=" $word"; else line+=" '${word//\'/\'\\\'\'}'"; fi
  done
  printf '%s\n' "$line"
}

# Shows a text, its longest lines cut, of a long text the first lines only.
shown() {
  local lines line
  mapfile -t lines <<<"$1"
  for line in "${lines[@]:0:8}"; do
    if ((${#line} > 200)); then line="${line:0:200}…"; fi
    printf '%s\n' "$line"
  done
  if ((${#lines[@]} > 8)); then printf '(%d lines in all)\n' "${#lines[@]}"; fi
}

# Runs a command with nothing on stdin. Leaves in $out and $err what it printed.
run() { with '' "$@"; }

# Runs a command with a text on stdin.
with() {
  local input="$1"
  shift
  typed "$@"
  out=$(printf '%s' "$input" | poe "$@" 2>"$home/err") || broken "exit code $?: $(<"$home/err")"
  err=$(<"$home/err")
  [[ -z $out ]] || shown "$out"
  [[ -z $err ]] || shown "$err"
  echo
}

# Runs a command that is to fail with this exit code.
fails() {
  local code=0
  typed "${@:2}"
  out=$(poe "${@:2}" 2>"$home/err" </dev/null) || code=$?
  err=$(<"$home/err")
  printf '%s\n(exit code %d)\n\n' "$err" "$code"
  [[ $code == "$1" ]] || broken "exit code $code instead of $1"
}

# The JSON that was printed is as this filter of jq says. In a list, all of it is one array.
holds() { jq -e "$@" <<<"$out" >"$home/jq" 2>&1 || broken "not so: ${*: -1} ($(<"$home/jq"))"; }
lists() { jq -es "$@" <<<"$out" >"$home/jq" 2>&1 || broken "not so: ${*: -1} ($(<"$home/jq"))"; }

# A value of the JSON that was printed.
value() { jq -er "$1" <<<"$out"; }

# What is so on the site that the tour is taken on, of what is so on that of 2025-03 and on that of 2026-08.
of_site() { if [[ $site == 2025-03 ]]; then printf '%s' "$1"; else printf '%s' "$2"; fi; }

# $out, or whatever text is given, is exactly this, or has this in it.
is() { [[ $out == "$1" ]] || broken "not '$1' but '$out'"; }
has() { [[ ${2-$out} == *"$1"* ]] || broken "'$1' is not in '${2-$out}'"; }

broken() {
  printf 'tour: line %s: %s\n' "${BASH_LINENO[-2]}" "$*" >&2
  exit 1
}

part 'A stand-in of poe.com'
typed sandbox --json --site "$site"
exec 3< <(exec node "$bin" sandbox --json --site "$site" 2>/dev/null)
sandbox=$!
read -r out <&3
shown "$out"
holds '.POE_BASE_URL | startswith("http://127.0.0.1:")'
POE_BASE_URL=$(value .POE_BASE_URL)
POE_API_URL=$(value .POE_API_URL)
export POE_BASE_URL POE_API_URL
key=$(value .POE_API_KEY)
tokens=$(value '{"p-b": .POE_P_B, "p-lat": .POE_P_LAT} | tojson')

part 'Logging in'
fails 4 whoami
with "$tokens" login --json
holds '.profile == "default" and .method == "web" and (.uid | type) == "number" and .email == "sandbox@poe.example"'
run whoami
has 'sandbox@poe.example'
run whoami --json
holds --argjson tokens "$tokens" '.uid == 659168979 and ($tokens["p-b"] as $secret | tojson | contains($secret) | not)'

part 'Asking'
run '2x2?'
is '2 × 2 = 4'
with 'two
lines' send -b sandbox-echo 'words first'
is 'words first

two
lines'
run send --json -b Sandbox-Count 'count to 3'
holds '.text == "1 2 3" and .state == "complete" and .bot == "Sandbox-Count"'
holds '.attachments == [] and (.suggestedReplies | type) == "array" and .points == {"cost": null, "balance": null}'
holds '(.userMessage.messageId | type) == "number" and (.botMessage.messageCode | type) == "string"'
chat=$(value .chat.chatCode)
number=$(value .chat.chatId)
question=$(value .userMessage.messageId)
answer=$(value .botMessage.messageId)
message=$(value .botMessage.messageCode)
run send --stream-json -c last 'count to 2'
lists --argjson number "$number" 'first.type == "start" and last.type == "done" and last.text == "1 2" and last.chat.chatId == $number'
lists '[.[] | select(.type == "append").text] | join("") == "1 2"'
run send --info --share -b Sandbox-Count 'count to 4'
is '1 2 3 4'
has 'Cost    2 points' "$err"
has "$POE_BASE_URL/s/" "$err"
run send -x -b Sandbox-Code 'some code'
has 'def double(number):'
[[ $out != *'```'* ]] || broken 'there is more than the code'
printf '# Notes\n' >notes.md
printf '{"a": 1}' >data.json
run send -b Sandbox-Files -f notes.md -f data.json 'what are these?'
has 'notes.md, text/markdown, 8'
has 'data.json, application/json, 8'
fails 5 send --max-points 10 -b GPT-4.5-Preview 'not that dear'
fails 3 send -b gemni-2.0-flash hello
has 'gemini-2.0-flash' "$err"
fails 3 send --json -b gemni-2.0-flash hello
is ''
out=$err holds '.error | .code == "bot_not_found" and .retryable == false and (.hint | contains("gemini-2.0-flash"))'
run send -v -b Sandbox-Count 'count to 1'
has "$(of_site S s)endMessageMutation: 200" "$err"
[[ $err != *"$(jq -r '.["p-b"]' <<<"$tokens")"* ]] || broken 'a secret is shown'
fails 2 send -f nowhere.txt -b Sandbox-Files 'what is this?'

part 'The command line of poe-api-rust'
run 'count to 3' --bot-handle sandbox-count --chat-id "$number" --files notes.md --p-b "$(jq -r '.["p-b"]' <<<"$tokens")" --p-lat "$(jq -r '.["p-lat"]' <<<"$tokens")"
is '1 2 3'

part 'Replies'
run retry --json "$chat"
holds --argjson number "$number" '.text == "1 2 3" and .state == "complete" and .chat.chatId == $number'
run attach --json "$number"
holds '.text == "1 2 3" and .state == "complete"'
typed send --stream-json -b Sandbox-Slow slowly
exec 4< <(exec node "$bin" send --stream-json -b Sandbox-Slow slowly 2>/dev/null </dev/null)
read -r out <&4
shown "$out"
slow=$(value .chat.chatCode)
run cancel --json "$slow"
holds '. == {"cancelled": true}'
out=$(tail -n 1 <&4)
shown "$out"
holds '.type == "error"'
run attach --json "$POE_BASE_URL/chat/$slow"
holds '.state == "cancelled"'
fails 3 save "$chat"
run share --json "$chat"
holds --arg site "$POE_BASE_URL" '.url | startswith($site + "/s/")'
run share --json "$chat" "$question" "$answer"
link=$(value .url)
run cost --json "$message"
holds '. == {"points": 2}'
run cost --json "$chat"
holds '. == {"points": 2}'
run send -q --json -b Sandbox-App 'two apps'
app=$(value .botMessage.messageId)
run previews --json "$app"
holds '.urls | length == 2 and all(startswith("http"))'
run previews --json last
holds '.urls | length == 2'
run delete-messages --json "$chat" "$question" "$answer"
holds '. == {"deleted": 2}'
run history show --json "$chat"
lists --argjson ids "[$question, $answer]" 'length > 0 and all(.messageId | IN($ids[]) | not)'

part 'Bots and people'
run explore -n 2
[[ $(cut -f 2 <<<"$out") =~ ^$(of_site $'[0-9]+\n[0-9]+' '')$ ]] || broken 'the second column is not the price'
run explore --json deepseek
lists 'length > 0 and all(.handle | test("deepseek"; "i"))'
lists 'first | keys_unsorted | sort == (["id", "botId", "handle", "displayName", "model", "pictureUrl", "description", "poweredBy", "tags", "displayMessagePointPrice", "introduction", "isCreatedByPoeUserAccount"] | sort)'
run explore --json --bot 'Claude' -n 2
lists 'length == 2'
run explore --json --category Reasoning --all
lists 'length > 5'
run explore --user openai
has 'openai'
run explore --json --user openai
lists 'first | .handle == "openai" and keys_unsorted == ["id", "uid", "handle", "fullName", "followerCount", "mediumProfilePhotoUrl", "profilePhotoUrl"]'
run categories --json
holds 'length == 25 and first == "Official"'
run bot-info --json claude-3.7-sonnet-reasoning
holds ''"$(of_site '.displayMessagePointPrice == 123' '.displayMessagePointPrice == null')"' and .botId == 1026 and .tags == ["OFFICIAL"]'
run user-info --json openai
holds '.uid == 2910400879 and .followerCount == 2470'
run follow --json openai
holds '. == {"following": true}'
run user-info --json openai
holds '.followerCount == 2471'
run unfollow --json 2910400879
holds '. == {"following": false}'
run user-info --json openai
holds '.followerCount == 2470'
fails 3 user-info opnai

part 'Chats'
run history -n 3
[[ $(wc -l <<<"$out") == 3 ]] || broken 'there are not three chats'
run history --json --limit 1
lists 'length == 1 and (first | keys_unsorted | sort == (["id", "chatId", "chatCode", "title", "bot", "lastInteractionTime"] | sort))'
lists 'first.lastInteractionTime | startswith("2025-03-")'
run history --json --all
lists 'length > 200 and ([.[].chatId] | length == (unique | length))'
run history --json --bot sandbox-echo
lists 'length == 1 and first.bot == "Sandbox-Echo"'
run history search --json lisbon
lists 'length > 0 and all(.title | test("lisbon"; "i"))'
run history show "$slow"
has 'slowly'
run history export "$slow"
has '## You'
run history export --format json "$slow"
holds '(.messages | length == 2) and .messages[0].text == "slowly"'
run history export --format html -o chat.html "$slow"
grep -q '<!doctype html>' chat.html || broken 'chat.html is no page'
run title --json "$chat" 'Counting, mostly'
holds '.title == "Counting, mostly"'
run history --json --all
lists --arg chat "$chat" 'any(.chatCode == $chat and .title == "Counting, mostly")'
run clear-context --json "$chat"
holds '. == {"cleared": true}'
run context-optimization --json "$chat" off
holds '. == {"enabled": false}'
run context-optimization --json "$chat" on
holds '. == {"enabled": true}'
run import --json "$link"
holds --arg chat "$chat" '.chatCode != $chat and (.chatId | type) == "number"'
imported=$(value .chatCode)
run history show --json last
lists '[.[].text] == ["count to 3", "1 2 3"]'
fails 2 delete-chat "$imported"
run delete-chat --json --yes "$imported" "$slow"
holds '. == {"deleted": 2}'
fails 3 history show "$imported"

part 'The account'
run settings --json
holds '.uid == 659168979 and .messagePointInfo.messagePointResetTime == "2025-03-25T00:04:39.000Z"'
holds '.messagePointInfo | .messagePointBalance < 1827 and .totalMessagePointAllotment == 3000'
run settings default-bot --json gemini-2.0-flash
holds '.defaultBot.displayName == "gemini-2.0-flash"'
run settings point-limit --json 100
holds '.messagePointInfo.allChatDefaultPointPriceThresholdPerMessage == 100'
run settings
has 'gemini-2.0-flash'
run send --json hello
holds '.bot == "gemini-2.0-flash"'

part 'With an API key'
POE_API_KEY=$key run usage --since 7d
has 'Assistant'
POE_API_KEY=$key run send --json --via api -b Sandbox-Count 'count to 3'
holds '.text == "1 2 3" and .via == "api"'
run delete-chat --json --yes last
holds '. == {"deleted": 1}'

part 'Help'
run help
names=$(sed -nE 's/^  ([a-z][a-z-]*) .*/\1/p' <<<"$out" | grep -vxE 'poe|git|chat')
run help send
has '--max-points'
for shell in bash zsh fish powershell; do
  run completion "$shell"
  has 'context-optimization'
done

part 'Looking for what is amiss'
run doctor
has 'socket'

part 'Leaving'
fails 2 purge
run purge --json --yes
holds '. == {"purged": true}'
run history --json
is ''
run logout --json
holds '. == {"profile": "default", "method": "web"}'
fails 4 history

for name in $names; do
  [[ $commands == *" $name "* ]] || broken "the tour has left out $name"
done
part 'All of it held.'
