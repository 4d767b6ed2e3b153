// Copies the chats of the account to an archive, and prints the messages that contain some words.
//
//   node examples/search-archive.mjs <archive file> <words...>
//
// Set POE_P_B and POE_P_LAT to the cookies of a browser session. Without an account, use those that `poe sandbox` prints.
import {connect, openArchive, PoeError} from 'poe-cli';

const [path = 'chats.db', ...words] = process.argv.slice(2);
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const archive = await openArchive(path);
const poe = await connect({pB, pLat, baseUrl, archive});
try {
  // Only what has changed is copied. If the program is interrupted, the next run continues.
  for await (const event of poe.archive.sync()) {
    if (event.type === 'done') console.error(`${event.result.messages} messages are new`);
  }
  for await (const {chat, message} of poe.archive.search(words, {limit: 10})) {
    console.log(`${chat.title}: ${message.text}`);
  }
} catch (error) {
  // Failures of Poe, the network or the archive are PoeErrors. Anything else is a bug in this program.
  if (!(error instanceof PoeError)) throw error;
  console.error(`${error.message} (${error.code})`);
  process.exitCode = 1;
} finally {
  poe.close();
  archive.close();
}
