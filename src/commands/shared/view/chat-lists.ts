import type {Context} from '../../../context/context.js';
import type {Bot, Chat, Message} from '../../../core/model.js';
import type {ModelBot} from '../../../core/model-bot.js';
import type {BotParameter} from '../../../core/parameters/bot-parameter.js';
import type {SendOptions} from '../../../core/options.js';
import type {ListedPrices} from '../../../context/spending/listed-prices.js';
import type {ChatParameters} from '../../../context/clients/bot-parameters.js';
import {PoeError} from '../../../core/errors.js';
import {sanitizeLine} from '../../../output/terminal/sanitize.js';

/** Values of parameters as they are typed, by name. */
type Values = Readonly<Record<string, string>>;

/** A bot in its chat; undefined for a new one. */
interface ChatBot {
  handle: string;
  chat: Chat | undefined;
}

/** More would take several requests. */
const maxBots = 40;
const maxChats = 50;
/** Without the message that the user sees as the last one, if the bot has answered with several. */
const previewedMessages = 2;

/** The lists that the menus of the chat show. */
export function chatLists(
  context: Context,
  options: Pick<SendOptions, 'protocol' | 'parameters'>,
  prices: Pick<ListedPrices, 'see'>,
) {
  const {client} = context;
  const parametersOf = async ({handle, chat}: ChatBot, signal: AbortSignal): Promise<ChatParameters> => {
    const via = await client.backendFor({...options, chat});
    const bot = await client.bots.info(handle, {via, signal}).catch((error: unknown) => {
      if (error instanceof PoeError && error.code === 'bot_not_found') return undefined;
      throw error;
    });
    const {ChatParameters} = await import('../../../context/clients/bot-parameters.js');
    return new ChatParameters(handle, bot, options.protocol);
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
      const plain = (await listed(found)).filter(({handle}) => isPlain(handle));
      prices.see(...plain);
      return plain;
    },
    async chats(signal: AbortSignal): Promise<Chat[]> {
      return listed(client.chats.history({limit: maxChats, signal}));
    },
    async parameters(bot: ChatBot, values: Values, signal: AbortSignal): Promise<BotParameter[]> {
      return (await parametersOf(bot, signal)).active({...options.parameters, ...values});
    },
    async setParameter(
      bot: ChatBot,
      {name, value, others}: {name: string; value: string; others: Values},
      signal: AbortSignal,
    ): Promise<Values> {
      const all = (await parametersOf(bot, signal)).set(name, value, {...options.parameters, ...others});
      // Those of the command line are added again when a message is sent.
      return Object.fromEntries(Object.entries(all).filter(([each]) => each === name || Object.hasOwn(others, each)));
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
