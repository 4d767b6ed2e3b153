import type {Context} from '../../../context/context.js';
import type {Bot, Chat, Message} from '../../../core/model.js';
import type {BotParameter, ModelBot} from '../../../core/model-bot.js';
import type {Protocol} from '../../../core/options.js';
import {PoeError} from '../../../core/errors.js';
import {sanitizeLine} from '../../../output/terminal/sanitize.js';

/** More would take several requests. */
const maxBots = 40;
const maxChats = 50;
/** Without the message that the user sees as the last one, if the bot has answered with several. */
const previewedMessages = 2;

/** The lists that the menus of the chat show. */
export function chatLists(context: Context, protocol: Protocol | undefined) {
  const {client} = context;
  /** A bot of the API; undefined if the API does not list it. Bots of poe.com have no parameters. */
  const modelOf = async (handle: string, signal: AbortSignal): Promise<ModelBot | 'web' | undefined> => {
    const bot = await client.bots.info(handle, {signal}).catch((error: unknown) => {
      if (error instanceof PoeError && error.code === 'bot_not_found') return undefined;
      throw error;
    });
    return bot && !('parameters' in bot) ? 'web' : bot;
  };
  return {
    async known() {
      const cache = await context.cache();
      return {
        bots: cache.bots().filter(({handle}) => isPlain(handle)),
        chats: cache.chats().filter(({chatCode}) => isPlain(chatCode)),
        categories: cache.categories().filter(isPlain),
      };
    },
    async bots(query: string, signal: AbortSignal): Promise<(Bot | ModelBot)[]> {
      const options = {limit: maxBots, signal};
      const found = query === '' ? client.bots.explore(undefined, options) : client.bots.search(query, options);
      return (await listed(found)).filter(({handle}) => isPlain(handle));
    },
    async chats(signal: AbortSignal): Promise<Chat[]> {
      return listed(client.chats.history({limit: maxChats, signal}));
    },
    async parameters(handle: string, signal: AbortSignal): Promise<BotParameter[] | undefined> {
      const bot = await modelOf(handle, signal);
      const {parametersOf} = await import('../../../context/clients/bot-parameters.js');
      return bot === 'web' ? undefined : parametersOf(bot, protocol);
    },
    async checkParameter(handle: string, parameter: {name: string; value: string}, signal: AbortSignal): Promise<void> {
      const bot = await modelOf(handle, signal);
      const {checkParameter} = await import('../../../context/clients/bot-parameters.js');
      if (bot !== 'web') checkParameter(bot, parameter, protocol);
    },
    async lastMessages(chat: Chat, signal: AbortSignal): Promise<Message[]> {
      const {messages} = await client.chats.read(chat, {limit: previewedMessages, signal});
      return (await listed(messages)).toReversed();
    },
  };
}

/** Names with control characters cannot be typed, so they are not offered. */
const isPlain = (name: string): boolean => sanitizeLine(name) === name;

async function listed<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
