// Looks through the bots of a category and asks the one that costs least.
//
//   node examples/cheapest-bot.mjs [category] [question]
//
// The tokens come from POE_P_B and POE_P_LAT. Without an account, `poe sandbox` gives some that are good on this machine.
import {connect} from 'poe-cli';

const [category = 'Programming', question = 'Which regular expression matches a year?'] = process.argv.slice(2);
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const poe = await connect({pB, pLat, baseUrl});

// A list asks for a page when its first item is wanted, and for none that is not read.
const bots = [];
for await (const bot of poe.bots.explore(category, {limit: 50})) bots.push(bot);

// Poe does not tell the price of every bot.
const priced = bots.filter((bot) => bot.displayMessagePointPrice !== null);
const [cheapest] = priced.toSorted((a, b) => a.displayMessagePointPrice - b.displayMessagePointPrice);

if (cheapest) {
  const {handle, displayMessagePointPrice: price} = cheapest;
  console.log(`${handle} costs ${price} points a message, the least of ${priced.length} bots.`);
  // Should it have become dearer meanwhile, nothing is sent.
  const reply = await poe.send(question, {bot: handle, maxPoints: price});
  console.log((await reply.result()).text);
} else {
  console.log(`Poe tells no prices in the category ${category}.`);
}

poe.close();
