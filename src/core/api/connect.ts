import type {ApiSettings, Balance} from '../account.js';
import type {Account, AccountOptions, Bots, Client} from '../client.js';
import type {ModelBot} from '../model.js';
import type {CallOptions, ListOptions} from '../options.js';
import type {ApiClientOptions} from './client.js';

/** A client of Poe's official API. */
export interface ApiClient extends Client {
  readonly bots: ApiBots;
  readonly account: ApiAccount;
}

export interface ApiBots extends Bots {
  info(name: string, options?: CallOptions): Promise<ModelBot>;
  search(query: string, options?: ListOptions): AsyncGenerator<ModelBot, void, undefined>;
  explore(category?: string, options?: ListOptions): AsyncGenerator<ModelBot, void, undefined>;
}

export interface ApiAccount extends Account {
  settings(options?: AccountOptions): Promise<ApiSettings>;
  balance(options?: AccountOptions): Promise<Balance>;
}

/**
 * Creates a client of Poe's official API. Makes no request before the first call.
 * @throws PoeError `usage` if the key may not be sent to a URL, `bad_tokens` if the key cannot be one
 */
export async function connectWithKey(options: ApiClientOptions): Promise<ApiClient> {
  const {ApiClient} = await import('./client.js');
  return new ApiClient(options);
}
