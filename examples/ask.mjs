// Asks a bot and prints its reply as it arrives.
//
//   node examples/ask.mjs "2x2?" [bot]
//
// Set POE_P_B and POE_P_LAT to the cookies of a browser session. Without an account, use those that `poe sandbox` prints.
import {connect} from 'poe-cli';

const [question = '2x2?', bot] = process.argv.slice(2);
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const poe = await connect({pB, pLat, baseUrl});
const reply = await poe.send(question, {bot});

for await (const event of reply) {
  if (event.type === 'append') process.stdout.write(event.text);
  // Some bots replace their text. Printed text stays, so the new text goes below it.
  if (event.type === 'replace') process.stdout.write(`\n\n(${reply.bot} replaced its reply.)\n\n${event.text}`);
}
process.stdout.write('\n');

poe.close();
