import {createHash} from 'node:crypto';
import {Agent, request} from 'node:http';
import process from 'node:process';

/*
 * A minimal client that reads the list of chats and then each chat, one after another, and keeps nothing. The sandbox requires the
 * headers of a browser and a signature. BENCH_HEADERS has the headers of a request of poe.
 */

const {POE_BASE_URL: url, BENCH_HEADERS: recorded} = process.env;
const {'content-length': _length, connection: _connection, ...given} = JSON.parse(recorded);
const agent = new Agent({keepAlive: true});
const operations = {
  ChatHistoryListPaginationQuery: '6ce01455b0201e625489da90c65f87a2809d212ea41ab6e39412b6913990e81f',
  ChatPageQuery: '1c929ada3d107cd28b4df143bbf7305f51eb6cd9dcf89b6cb3bd6a7cc0112121',
};

/** MD5 of the body, the form key and a salt, with two characters swapped. */
function tagId(body) {
  const digest = createHash('md5').update(`${body}${given['poe-formkey']}4LxgHM6KpFqokX0Ox`).digest('hex');
  return digest.slice(0, 20) + digest[24] + digest.slice(21, 24) + digest[20] + digest.slice(25);
}

/** @returns {Promise<any>} */
const call = (queryName, variables) =>
  new Promise((resolve, reject) => {
    const body = JSON.stringify({queryName, variables, extensions: {hash: operations[queryName]}});
    const headers = {...given, 'poe-queryname': queryName, 'poe-tag-id': tagId(body)};
    const post = request(`${url}/api/gql_POST`, {method: 'POST', headers, agent});
    post.on('error', reject);
    post.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(JSON.parse(text).data));
    });
    post.end(body);
  });

const codes = [];
for (let cursor; ;) {
  const {edges, pageInfo} = (await call('ChatHistoryListPaginationQuery', {count: 50, cursor})).chats;
  codes.push(...edges.map(({node}) => node.chatCode));
  if (!pageInfo.hasNextPage) break;
  cursor = pageInfo.endCursor;
}
let count = 0;
for (const chatCode of codes)
  count += (await call('ChatPageQuery', {chatCode})).chatOfCode.messagesConnection.edges.length;
process.stdout.write(`${count} messages\n`);
agent.destroy();
