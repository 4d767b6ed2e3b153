// Writes the newest chats of the account as Markdown to stdout.
//
//   node examples/export-history.mjs [how many, default 10] > history.md
//
// The tokens come from POE_P_B and POE_P_LAT. Without an account, `poe sandbox` gives some that are good on this machine.
import {connect, PoeError} from 'poe-cli';

const limit = Number(process.argv[2] ?? 10);
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const poe = await connect({pB, pLat, baseUrl});
try {
  for await (const chat of poe.chats.history({limit})) {
    console.log(`# ${chat.title ?? `Chat ${chat.chatId}`}\n`);
    // Messages come newest first, and are read from the top.
    const messages = [];
    for await (const message of poe.chats.messages(chat)) messages.unshift(message);
    for (const {bot, text, creationTime} of messages) {
      // Nothing is said where the bot was made to forget what was before.
      if (text !== '') console.log(`**${bot ? bot.displayName : 'You'}**, ${creationTime}\n\n${text}\n`);
    }
  }
} catch (error) {
  // What Poe, the network or the tokens are to blame for is a PoeError. Anything else is a fault of this program.
  if (!(error instanceof PoeError)) throw error;
  console.error(`${error.message} (${error.code})`);
  if (error.hint) console.error(error.hint);
  process.exitCode = 1;
} finally {
  poe.close();
}
