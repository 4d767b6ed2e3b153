// Holds a conversation with a bot in one chat, clears its context, and deletes the chat.
//
//   node examples/conversation.mjs [bot]
//
// Set POE_P_B and POE_P_LAT to the cookies of a browser session. Without an account, use those that `poe sandbox` prints.
import {connect} from 'poe-cli';

const [bot] = process.argv.slice(2);
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const poe = await connect({pB, pLat, baseUrl});
const first = await poe.send('My name is Ada.', {bot});
const {chat} = first;

try {
  await show('My name is Ada.', first);
  await ask('What is my name?');

  await chat.setTitle('Ada and the bot');
  console.log(`(Renamed the chat to "${chat.title}".)\n`);

  await chat.clearContext();
  console.log('(Cleared the context.)\n');
  await ask('And now, what is my name?');
} finally {
  await chat.delete();
  console.log('(Deleted the chat.)');
  poe.close();
}

/** Sends another message to the same bot in the same chat. */
async function ask(question) {
  await show(question, await chat.send(question));
}

async function show(question, reply) {
  const {text, bot} = await reply.result();
  console.log(`You: ${question}\n${bot}: ${text}\n`);
}
