import process from 'node:process';
import {connect} from '../../dist/lib/index.js';
import {startSandbox} from '../../dist/lib/sandbox.js';

/*
 * A sandbox whose account has so many chats of so many messages, and answers with this latency:
 * node sandbox.js <chats> <messages> <ms>. Prints the variables for poe, and
 * as `headers` those of a request of poe, which a minimal client needs.
 */

const [chatCount, messageCount, latencyMs = 0] = process.argv.slice(2).map(Number);
const subjects = ['tea', 'a trip to Lisbon', 'SQL window functions', 'Straßenbahnen', '東京', 'half-marathon training'];

/** Chats with messages of some 250 characters, all different. */
const chats = Array.from({length: chatCount}, (_, chat) => ({
  title: `The title of the chat with the number ${chatCount - chat}`,
  texts: Array.from({length: messageCount}, (_, index) => {
    const about = subjects[(chat + index) % subjects.length];
    return `Message ${chat * messageCount + index} about ${about}. ${'The quick brown fox jumps over the lazy dog, and sleeps. '.repeat(4)}`;
  }),
}));

const sandbox = await startSandbox({chats, latencyMs});
const client = await connect({...sandbox.tokens, baseUrl: sandbox.url});
for await (const _chat of client.chats.history({limit: 1})) break;
client.close();
const {headers} = sandbox.requests.findLast(({path}) => path === '/api/gql_POST');
process.stdout.write(`${JSON.stringify({...sandbox.env, headers})}\n`);
process.once('SIGINT', () => void sandbox.close());
