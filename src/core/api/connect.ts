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
 * A client of Poe's official API. Nothing is asked of Poe before the first call.
 * @throws PoeError `usage` when `apiUrl` is not an address a key may be sent to, `bad_tokens` for what is no key
 */
export async function connectWithKey(options: ApiClientOptions): Promise<ApiClient> {
  const {ApiClient} = await import('./client.js');
  return new ApiClient(options);
}
