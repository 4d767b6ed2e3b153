#!/usr/bin/env bash
# Packs poe, installs the tarball in an empty folder and uses it there: the command, the library, the sandbox and the types.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
repository=$PWD

temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT

tarball=$(npm pack --silent --pack-destination "$temp" | tail -n 1)
cd "$temp"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --no-audit --no-fund --offline --omit=optional "./$tarball"

echo '== The package has no scripts and no dependencies but SQLite, which is optional'
[ "$(ls node_modules)" = poe-cli ]
grep -E '"(scripts|dependencies|devDependencies)"' node_modules/poe-cli/package.json && exit 1
node -e 'process.exit(Object.keys(require("poe-cli/package.json").optionalDependencies).join() === "libsql" ? 0 : 1)'

echo '== It takes at most 8 MB'
[ "$(find node_modules/poe-cli -type f -exec cat {} + | wc -c)" -lt 8000000 ]

echo '== The command runs'
npx poe --version
npx poe --sandbox -q send -b gemini-2.0-flash '2x2?' | grep 4

echo '== The library, the sandbox, the bot server and their types work'
cat >program.ts <<'EOF'
import {connect, connectWithKey, PoeError, type Chat} from 'poe-cli';
import {serveBot} from 'poe-cli/bot';
import {startSandbox} from 'poe-cli/sandbox';

const sandbox = await startSandbox();
const poe = await connect({...sandbox.tokens, baseUrl: sandbox.url});
const reply = await poe.send('2x2?', {bot: 'gemini-2.0-flash'});
const {text, chat}: {text: string; chat: Chat} = await reply.result();
if (!text.includes('4') || chat.chatId === 0) throw new Error(`Unexpected reply: ${text}`);
poe.close();

const api = await connectWithKey({apiKey: 'wrong', apiUrl: sandbox.apiUrl});
const error: unknown = await api.send('2x2?', {bot: 'Assistant'}).catch((reason: unknown) => reason);
if (!(error instanceof PoeError)) throw new Error(`Unexpected error: ${error}`);
api.close();

const server = await serveBot(async ({message}) => `You wrote: ${message.content}`, {accessKey: null, port: 0});
sandbox.addServerBot('Mine', {url: server.url, key: null});
const session = await connect({...sandbox.tokens, baseUrl: sandbox.url});
const answer = await (await session.send('Hi', {bot: 'Mine'})).result();
if (answer.text !== 'You wrote: Hi') throw new Error(`Unexpected reply: ${answer.text}`);
session.close();
await server.close();
await sandbox.close();
EOF
cp "$repository/examples/bots/dice-roller/server.ts" dice-roller.ts
# With the strictest options, and options that may be undefined.
cat >types.ts <<'EOF'
import {connect, connectWithKey, type ConnectOptions, type ReplyEvent, type SendOptions} from 'poe-cli';
import {type ServeBotOptions} from 'poe-cli/bot';
import {startSandbox} from 'poe-cli/sandbox';

export async function ask(text: string, {bot, signal}: {bot?: string | undefined; signal?: AbortSignal | undefined}): Promise<ReplyEvent[]> {
  const sandbox = await startSandbox();
  const options: ConnectOptions = {...sandbox.tokens, baseUrl: sandbox.url, log: undefined};
  const sendOptions: SendOptions = {bot, signal, files: undefined, maxPoints: undefined};
  await using poe = await connect(options);
  await using api = await connectWithKey({apiKey: sandbox.apiKey, apiUrl: undefined, timeoutMs: undefined});
  for await (const result of api.batch([{id: '1', text}], {bot, onStart: undefined})) console.log(result.error?.code);
  const events: ReplyEvent[] = [];
  for await (const event of await poe.send(text, sendOptions)) events.push(event);
  await sandbox.close();
  return events;
}
export const server: ServeBotOptions = {accessKey: null, maxReplyMs: undefined};
EOF
for resolution in 'node16 node16' 'nodenext nodenext' 'preserve bundler'; do
  "$repository/node_modules/.bin/tsc" --noEmit --strict --exactOptionalPropertyTypes --noUncheckedIndexedAccess --skipLibCheck false \
    --target es2022 --module "${resolution% *}" --moduleResolution "${resolution#* }" \
    --typeRoots "$repository/node_modules/@types" --types node types.ts
done
"$repository/node_modules/.bin/tsc" --strict --module nodenext --target es2023 program.ts
"$repository/node_modules/.bin/tsc" --strict --noEmit --module nodenext --target es2023 --typeRoots "$repository/node_modules/@types" --types node dice-roller.ts
node program.js

echo '== Stack traces name the sources'
node --enable-source-maps --input-type=module --eval "
  import {connectWithKey} from 'poe-cli';
  const poe = await connectWithKey({apiKey: 'key'});
  await poe.send('', {bot: 'Assistant'}).catch((error) => console.log(error.stack));
" | grep 'src/core/api/.*\.ts:'

echo '== A program that is bundled with the library needs no other file'
"$repository/node_modules/.bin/rolldown" program.js --platform node --external libsql --dir bundled >/dev/null
mv node_modules/poe-cli moved
node bundled/program.js
mv moved node_modules/poe-cli

echo '== Without SQLite, only the commands that need it fail'
export POE_CONFIG_DIR="$temp/config"
! npx poe budget set 100/day 2>error
grep 'SQLite is not available' error

echo '== With SQLite, they work'
npm install --silent --no-audit --no-fund --prefer-offline "./$tarball"
npx poe budget set 100/day
npx poe budget | grep 100
echo 'The package works.'
