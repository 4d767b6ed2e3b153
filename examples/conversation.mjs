// Talks with a bot over several turns in one chat, has it forget them, and leaves nothing behind.
//
//   node examples/conversation.mjs [bot]
//
// The tokens come from POE_P_B and POE_P_LAT. Without an account, `poe sandbox` gives some that are good on this machine.
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
  console.log(`(The chat is called “${chat.title}” now.)\n`);

  await chat.clearContext();
  console.log('(The bot has forgotten what was said.)\n');
  await ask('And now, what is my name?');
} finally {
  await chat.delete();
  console.log('(The chat is deleted.)');
  poe.close();
}

/** Sends a further message to the same bot, in the same chat. */
async function ask(question) {
  await show(question, await chat.send(question));
}

async function show(question, reply) {
  const {text, bot} = await reply.result();
  console.log(`You: ${question}\n${bot}: ${text}\n`);
}
