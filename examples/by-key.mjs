// Asks a bot over Poe's official API: no browser, no cookies. Files may go along, and what the bot thinks is told apart.
//
//   node examples/by-key.mjs [bot] [question] [file...]
//
// The key comes from POE_API_KEY; make one at https://poe.com/api/keys. Without an account, `poe sandbox` gives one that is
// good on this machine.
import {connectWithKey} from 'poe-cli';

const [bot = 'Assistant', question = '2x2?', ...files] = process.argv.slice(2);
const {POE_API_KEY: apiKey = '', POE_API_URL: apiUrl, POE_UPLOAD_URL: uploadUrl} = process.env;

const poe = await connectWithKey({apiKey, apiUrl, uploadUrl});
try {
  const reply = await poe.send(question, {bot, files});
  for await (const step of reply) {
    if (step.type === 'reasoning') process.stderr.write(step.text);
    if (step.type === 'append') process.stdout.write(step.text);
    if (step.type === 'replace') process.stdout.write(`\n\n${step.text}`);
  }
  const {protocol, usage, attachments, suggestedReplies} = reply.current;
  console.log(`\n(by ${protocol}, ${usage?.completionTokens ?? 'no'} tokens told)`);
  for (const {name, url} of attachments) console.log(`file: ${name} ${url}`);
  for (const suggestion of suggestedReplies) console.log(`next: ${suggestion}`);
} catch (error) {
  console.error(`${error.message} (${error.code})\n${error.hint ?? ''}`);
  process.exitCode = 1;
} finally {
  poe.close();
}
