import type {ApiSettings, Balance} from '../account.js';
import {checkOptions} from '../input/check-options.js';
import type {Account, AccountOptions, Bots, Client} from '../client.js';
import type {ModelBot} from '../model-bot.js';
import {acceptChatNames, type ChatName} from '../names/named-chats.js';
import type {BotListOptions, CallOptions} from '../options.js';
import type {ApiClientOptions} from './client.js';

/** A client of Poe's official API. */
export interface ApiClient extends Client<ChatName> {
  readonly bots: ApiBots;
  readonly account: ApiAccount;
}

export interface ApiBots extends Bots {
  info(name: string, options?: CallOptions): Promise<ModelBot>;
  search(query: string, options?: BotListOptions): AsyncGenerator<ModelBot, void, undefined>;
  explore(category?: string, options?: BotListOptions): AsyncGenerator<ModelBot, void, undefined>;
}

export interface ApiAccount extends Account {
  settings(options?: AccountOptions): Promise<ApiSettings>;
  balance(options?: AccountOptions): Promise<Balance>;
}

/**
 * Creates a client of Poe's official API. Makes no request before the first call.
 * @throws PoeError `usage` if an option is missing or wrong, or the key may not be sent to a URL, `bad_tokens` if the key cannot be one
 */
export async function connectWithKey(options: ApiClientOptions): Promise<ApiClient> {
  checkOptions('connectWithKey', options, {
    apiKey: 'filledText',
    apiUrl: 'text?',
    uploadUrl: 'text?',
    timeoutMs: 'duration?',
    log: 'function?',
  });
  const {ApiClient} = await import('./client.js');
  const client = new ApiClient(options);
  return {
    ...acceptChatNames(client),
    bots: client.bots,
    ownBots: client.ownBots,
    users: client.users,
    account: client.account,
    budget: client.budget,
    batch: (prompts, callOptions) => client.batch(prompts, callOptions),
    compare: (text, bots, callOptions) => client.compare(text, bots, callOptions),
    diagnose: (callOptions) => client.diagnose(callOptions),
    watchConnection: () => client.watchConnection(),
    close: () => client.close(),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
