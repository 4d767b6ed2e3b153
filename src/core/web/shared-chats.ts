import {PoeError} from '../errors.js';
import type {Chat} from '../model.js';
import type {CallOptions} from '../options.js';
import {assertPresent, assertSuccess} from './protocol/assert-success.js';
import {checkAccess} from './protocol/response.js';
import type {GraphqlClient} from './session/graphql-client.js';
import {readData} from './site/page.js';

/** Copies a shared chat into the account. @param share its code or URL @throws PoeError */
export async function importSharedChat(graphql: GraphqlClient, share: string, options?: CallOptions): Promise<Chat> {
  const shareCode = parseShareCode(share);
  const botName = await findBotName(graphql, shareCode, options);
  const {continueChatFromPoeShare} = await graphql.call('importChat', {shareCode, botName, postId: null}, options);
  assertSuccess('importChat', `import the shared chat ${shareCode}`, continueChatFromPoeShare);
  const chat = continueChatFromPoeShare?.messages?.flatMap(({node}) => node?.chat ?? [])[0];
  return assertPresent('importChat', `import the shared chat ${shareCode}`, chat);
}

function parseShareCode(share: string): string {
  const name = share.trim();
  const code = /^https?:\/\/[^/]+\/s\/([\w-]+)\/?(?:[?#].*)?$/.exec(name)?.[1] ?? name;
  if (/^[\w-]+$/.test(code)) return code;
  throw new PoeError('usage', `${JSON.stringify(share)} is not a shared chat`, {
    hint: 'Use the code or the URL of the share: https://poe.com/s/<code>.',
  });
}

/** The internal name of the chat's bot. Only the page of the share shows it. */
async function findBotName(graphql: GraphqlClient, shareCode: string, {signal}: CallOptions = {}): Promise<string> {
  const {http} = graphql.session;
  const url = new URL(`/s/${shareCode}`, http.site);
  const response = await http.read(url, {name: '/s/', signal});
  if (response.status === 404) {
    throw new PoeError('chat_not_found', `No shared chat ${JSON.stringify(shareCode)}`, {
      hint: 'Check the URL of the share: https://poe.com/s/<code>.',
    });
  }
  checkAccess(url, response);
  const name = botNameIn(response.text);
  if (name !== undefined) return name;
  const message = `No bot found on the page of the shared chat ${shareCode} (HTTP ${response.status})`;
  throw new PoeError('not_understood', message, {
    hint: 'Open it in a browser to check that it still exists. The site may have changed.',
  });
}

/** The best name in the data of a page; or, as in poe-api-rust, the first nickname in its text. */
function botNameIn(html: string): string | undefined {
  const names = readData(html).flatMap((data) => botNames(data, false));
  const [best] = names.toSorted((a, b) => b.score - a.score);
  if (best && best.score >= scores.nickname) return best.name;
  return /\\?"nickname\\?":\s*\\?"([^"\\]+)/.exec(html)?.[1] ?? best?.name;
}

/** How likely a field is to contain the internal name. A field inside messages scores one more. */
const scores = {nickname: 4, handle: 2, displayName: 0};

/** The names of the bots anywhere in a value, in document order. */
function botNames(value: unknown, isInMessages: boolean): {name: string; score: number}[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = new Map<string, unknown>(Object.entries(value));
  const isBot = fields.get('__typename') === 'Bot' || fields.has('botId') || fields.has('nickname');
  const own = Object.entries(scores).flatMap(([key, score]) => {
    const name = fields.get(key);
    return isBot && typeof name === 'string' && name !== '' ? [{name, score: score + Number(isInMessages)}] : [];
  });
  const inner = [...fields].flatMap(([key, each]) => botNames(each, isInMessages || /message|share/i.test(key)));
  return [...own, ...inner];
}
