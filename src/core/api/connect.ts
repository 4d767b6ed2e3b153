import type {ApiClient, ApiClientOptions} from './client.js';

/**
 * A client of Poe's official API. Nothing is asked of Poe before the first call.
 * @throws PoeError `usage` when `apiUrl` is not an address a key may be sent to, `bad_tokens` for what is no key
 */
export async function connectWithKey(options: ApiClientOptions): Promise<ApiClient> {
  const {ApiClient} = await import('./client.js');
  return new ApiClient(options);
}
