import {PoeError} from '../errors.js';
import type {Chat} from '../model.js';
import type {CallOptions} from '../options.js';
import {checkAccess} from './protocol/response.js';
import {readData} from './site/page.js';
import {assertSuccess, assertPresent} from './protocol/assert-success.js';
import type {GraphqlClient} from './session/graphql-client.js';

/** Goes on with a shared chat: Poe makes a new one of it and names it in the answer. @throws PoeError */
export async function importSharedChat(graphql: GraphqlClient, share: string, options?: CallOptions): Promise<Chat> {
  const shareCode = shareCodeOf(share);
  const botName = await botOf(graphql, shareCode, options);
  const {continueChatFromPoeShare} = await graphql.call('importChat', {shareCode, botName, postId: null}, options);
  assertSuccess('importChat', `import the shared chat ${shareCode}`, continueChatFromPoeShare);
  const chat = continueChatFromPoeShare?.messages?.flatMap(({node}) => node?.chat ?? [])[0];
  return assertPresent('importChat', 'name the chat it made', chat);
}

function shareCodeOf(share: string): string {
  const name = share.trim();
  const code = /^https?:\/\/[^/]+\/s\/([\w-]+)\/?(?:[?#].*)?$/.exec(name)?.[1] ?? name;
  if (/^[\w-]+$/.test(code)) return code;
  throw new PoeError('usage', `${JSON.stringify(share)} is not a shared chat`, {
    hint: 'Use the code or the address of the share: https://poe.com/s/<code>.',
  });
}

/** The internal name of the bot that was talked with, which the share's page alone tells. */
async function botOf(graphql: GraphqlClient, shareCode: string, {signal}: CallOptions = {}): Promise<string> {
  const {http} = graphql.session;
  const url = new URL(`/s/${shareCode}`, http.site);
  const answer = await http.read(url, {name: '/s/', signal});
  if (answer.status === 404) {
    throw new PoeError('chat_not_found', `No shared chat ${shareCode}`, {
      hint: 'Compare it with the address of the share: https://poe.com/s/<code>.',
    });
  }
  checkAccess(url, answer);
  const name = botNameIn(answer.text);
  if (name !== undefined) return name;
  throw new PoeError(
    'not_understood',
    `No bot found on the page of the shared chat ${shareCode} (HTTP ${answer.status})`,
    {
      hint: 'Open it in a browser to check that it still exists. The site may have changed.',
    },
  );
}

/**
 * The bot's internal name from the data of a page, best from where its messages are; or, as the seed did, from its text. Where
 * no internal name stands there, the handle may do.
 */
function botNameIn(html: string): string | undefined {
  const bots = readData(html).flatMap((data) => botsIn(data, false));
  const [best] = bots.toSorted((a, b) => b.worth - a.worth);
  if (best && best.worth >= leastOfNickname) return best.name;
  return /\\?"nickname\\?":\s*\\?"([^"\\]+)/.exec(html)?.[1] ?? best?.name;
}

interface NamedBot {
  name: string;
  worth: number;
}

/** What the names of a bot are worth here; one more where messages are. */
const worths = {nickname: 4, handle: 2, displayName: 0};
const leastOfNickname = worths.nickname;

/** The bots that are named in a thing, wherever they lie, in the order in which they stand there. */
function botsIn(value: unknown, isInMessages: boolean): NamedBot[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = new Map<string, unknown>(Object.entries(value));
  const isBot = fields.get('__typename') === 'Bot' || fields.has('botId') || fields.has('nickname');
  const own = Object.entries(worths).flatMap(([key, worth]): NamedBot[] => {
    const name = fields.get(key);
    return isBot && typeof name === 'string' && name !== '' ? [{name, worth: worth + Number(isInMessages)}] : [];
  });
  const inner = [...fields].flatMap(([key, each]) => botsIn(each, isInMessages || /message|share/i.test(key)));
  return [...own, ...inner];
}
