import type {Journal} from '../journal.js';
import type {Log} from '../log.js';
import type {WebClient} from './client.js';
import type {SiteFacts} from './protocol/facts.js';
import type {SessionStore, WebTokens} from './session/session.js';

export interface ConnectOptions extends WebTokens {
  /** Default `https://poe.com`. `http:` only on loopback. */
  baseUrl?: string;
  /** Give up after this many milliseconds without data. Default two minutes. */
  timeoutMs?: number;
  /** Stores the form key and the facts about the site for the next run. */
  store?: SessionStore;
  /** Facts about the site to use instead of the built-in and stored ones. */
  facts?: SiteFacts;
  /** Records messages in flight, so that a reply can be fetched after the program was killed. */
  journal?: Journal;
  /** Called for every exchange with Poe. */
  log?: Log;
}

/**
 * A client of poe.com with a browser session. Makes no request before the first call.
 * @throws PoeError `usage` if `baseUrl` is not an address the session may be sent to
 */
export async function connect(options: ConnectOptions): Promise<WebClient> {
  const {baseUrl = 'https://poe.com', timeoutMs = 120_000, store, facts, journal, log = () => {}, ...tokens} = options;
  const {WebClient} = await import('./client.js');
  return new WebClient({tokens, baseUrl, timeoutMs, store, facts, journal, log});
}
