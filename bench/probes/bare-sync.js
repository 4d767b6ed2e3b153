import {Agent, request} from 'node:http';
import process from 'node:process';

/* A minimal client that reads the list of chats and then each chat, one after another, and keeps nothing. */

const {POE_BASE_URL: url} = process.env;
const agent = new Agent({keepAlive: true});

/** @returns {Promise<any>} */
const call = (queryName, variables) =>
  new Promise((resolve, reject) => {
    const headers = {'Content-Type': 'application/json'};
    const post = request(`${url}/api/gql_POST`, {method: 'POST', headers, agent});
    post.on('error', reject);
    post.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () => resolve(JSON.parse(text).data));
    });
    post.end(JSON.stringify({queryName, variables}));
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
