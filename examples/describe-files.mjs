// Sends files to a bot and prints what it says of them. A file is a path or an http(s) address.
//
//   node examples/describe-files.mjs <bot> <file...>
//
// The tokens come from POE_P_B and POE_P_LAT. Without an account, `poe sandbox` gives some that are good on this machine.
import {connect} from 'poe-cli';

const [bot, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error('Usage: node examples/describe-files.mjs <bot> <file...>');
  process.exit(2);
}
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const poe = await connect({pB, pLat, baseUrl});
// Nothing is sent unless every file can be had. Each goes in pieces, under its own name, however large it is.
const reply = await poe.send('Describe each of these files in one line.', {
  bot,
  files,
  onUpload: ({sent, total}) => process.stderr.write(`\rSent ${sent} of ${total} bytes`),
});
process.stderr.write('\n');

const {text} = await reply.result();
console.log(text);

poe.close();
