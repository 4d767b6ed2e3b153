// Finds the cheapest bot of a category and asks it a question.
//
//   node examples/cheapest-bot.mjs [category] [question]
//
// Set POE_P_B and POE_P_LAT to the cookies of a browser session. Without an account, use those that `poe sandbox` prints.
import {connect} from 'poe-cli';

const [category = 'Programming', question = 'Which regular expression matches a year?'] = process.argv.slice(2);
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const poe = await connect({pB, pLat, baseUrl});

// A list requests a page when its first item is needed.
const bots = [];
for await (const bot of poe.bots.explore(category, {limit: 50})) bots.push(bot);

// Poe does not show the price of every bot.
const priced = bots.filter((bot) => bot.displayMessagePointPrice !== null);
const [cheapest] = priced.toSorted((a, b) => a.displayMessagePointPrice - b.displayMessagePointPrice);

if (cheapest) {
  const {handle, displayMessagePointPrice: price} = cheapest;
  console.log(`${handle} is the cheapest of ${priced.length} bots: ${price} points per message.`);
  // Fails without sending anything if the price has risen in the meantime.
  const reply = await poe.send(question, {bot: handle, maxPoints: price});
  console.log((await reply.result()).text);
} else {
  console.log(`Poe shows no prices in the category ${category}.`);
}

poe.close();
