// Asks a bot through Poe's official API, with optional files, and prints its reasoning to stderr.
//
//   node examples/api-key.mjs [bot] [question] [file...]
//
// Set POE_API_KEY to a key from https://poe.com/api/keys. Without an account, use the one that `poe sandbox` prints.
import {connectWithKey} from 'poe-cli';

const [bot = 'Assistant', question = '2x2?', ...files] = process.argv.slice(2);
const {POE_API_KEY: apiKey = '', POE_API_URL: apiUrl, POE_UPLOAD_URL: uploadUrl} = process.env;

const poe = await connectWithKey({apiKey, apiUrl, uploadUrl});
try {
  const reply = await poe.send(question, {bot, files});
  for await (const event of reply) {
    if (event.type === 'reasoning') process.stderr.write(event.text);
    if (event.type === 'append') process.stdout.write(event.text);
    if (event.type === 'replace') process.stdout.write(`\n\n${event.text}`);
  }
  const {protocol, usage, attachments, suggestedReplies} = reply.current;
  console.log(`\n(protocol ${protocol}, output tokens: ${usage?.completionTokens ?? 'unknown'})`);
  for (const {name, url} of attachments) console.log(`file: ${name} ${url}`);
  for (const suggestion of suggestedReplies) console.log(`suggested reply: ${suggestion}`);
} catch (error) {
  console.error(`${error.message} (${error.code})`);
  if (error.hint) console.error(error.hint);
  process.exitCode = 1;
} finally {
  poe.close();
}
