// Asks a bot and prints its reply while it is being written.
//
//   node examples/ask.mjs "2x2?" [bot]
//
// The tokens come from POE_P_B and POE_P_LAT. Without an account, `poe sandbox` gives some that are good on this machine.
import {connect} from 'poe-cli';

const [question = '2x2?', bot] = process.argv.slice(2);
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const poe = await connect({pB, pLat, baseUrl});
const reply = await poe.send(question, {bot});

for await (const step of reply) {
  if (step.type === 'append') process.stdout.write(step.text);
  // Some bots take back what they wrote. What is printed stays, so the new text goes below it.
  if (step.type === 'replace') process.stdout.write(`\n\n(${reply.bot} writes that anew.)\n\n${step.text}`);
}
process.stdout.write('\n');

poe.close();
