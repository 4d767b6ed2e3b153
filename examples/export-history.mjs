// Writes the newest chats of the account to stdout as Markdown.
//
//   node examples/export-history.mjs [number of chats, default 10] > history.md
//
// Set POE_P_B and POE_P_LAT to the cookies of a browser session. Without an account, use those that `poe sandbox` prints.
import {connect, PoeError} from 'poe-cli';

const limit = Number(process.argv[2] ?? 10);
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const poe = await connect({pB, pLat, baseUrl});
try {
  for await (const chat of poe.chats.history({limit})) {
    console.log(`# ${chat.title ?? `Chat ${chat.chatId}`}\n`);
    // Poe lists the newest message first.
    const messages = [];
    for await (const message of (await poe.chats.read(chat)).messages) messages.unshift(message);
    for (const {bot, text, creationTime} of messages) {
      // A message without text marks where the context was cleared.
      if (text !== '') console.log(`**${bot ? bot.displayName : 'You'}**, ${creationTime}\n\n${text}\n`);
    }
  }
} catch (error) {
  // Failures of Poe, the network or the login are PoeErrors. Anything else is a bug in this program.
  if (!(error instanceof PoeError)) throw error;
  console.error(`${error.message} (${error.code})`);
  if (error.hint) console.error(error.hint);
  process.exitCode = 1;
} finally {
  poe.close();
}
