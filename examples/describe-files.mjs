// Sends files to a bot and prints its description of them. A file is a path or an https URL.
//
//   node examples/describe-files.mjs <bot> <file...>
//
// Set POE_P_B and POE_P_LAT to the cookies of a browser session. Without an account, use those that `poe sandbox` prints.
import {connect} from 'poe-cli';

const [bot, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error('Usage: node examples/describe-files.mjs <bot> <file...>');
  process.exit(2);
}
const {POE_P_B: pB = '', POE_P_LAT: pLat = '', POE_BASE_URL: baseUrl} = process.env;

const poe = await connect({pB, pLat, baseUrl});
// Files are streamed under their own names. If one cannot be read, nothing is sent.
const reply = await poe.send('Describe each of these files in one line.', {
  bot,
  files,
  onUpload: ({sent, total}) => process.stderr.write(`\rSent ${sent} of ${total} bytes`),
});
process.stderr.write('\n');

const {text} = await reply.result();
console.log(text);

poe.close();
