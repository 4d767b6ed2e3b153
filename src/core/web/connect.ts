import {checkOptions} from '../input/check-options.js';
import type {Account, AccountOptions, Bots, Client} from '../client.js';
import type {ArchiveStore} from '../archive/archive-store.js';
import type {Journal} from '../journal/journal.js';
import type {Log} from '../log/log.js';
import type {Bot, Settings} from '../model.js';
import {acceptChatNames, type ChatName} from '../names/named-chats.js';
import type {BotListOptions, CallOptions} from '../options.js';
import type {Ledger} from '../spending/ledger.js';
import type {SiteFacts} from './protocol/facts.js';
import type {SessionStore, WebTokens} from './session/session.js';

/** A client of poe.com with a browser session. */
export interface WebClient extends Client<ChatName> {
  readonly bots: WebBots;
  readonly account: WebAccount;
  /** The site's URL. */
  readonly site: URL;
  /** The facts about the site that are in use. They contain no secrets. */
  siteFacts(options?: CallOptions): Promise<SiteFacts>;
}

export interface WebBots extends Bots {
  info(name: string, options?: CallOptions): Promise<Bot>;
  search(query: string, options?: BotListOptions): AsyncGenerator<Bot, void, undefined>;
  explore(category?: string, options?: BotListOptions): AsyncGenerator<Bot, void, undefined>;
}

export interface WebAccount extends Account {
  settings(options?: AccountOptions): Promise<Settings>;
}

export interface ConnectOptions extends WebTokens {
  /** Default `https://poe.com`. `http:` only on loopback. */
  baseUrl?: string | undefined;
  /** Give up after this many milliseconds without data. Default two minutes. */
  timeoutMs?: number | undefined;
  /** Stores the form key and the facts about the site for the next run. */
  store?: SessionStore | undefined;
  /** Facts about the site to use instead of the built-in and stored ones. */
  facts?: SiteFacts | undefined;
  /** Records messages in flight, so that a reply can be fetched after the program was killed. */
  journal?: Journal | undefined;
  /** Counts what messages cost, and holds the budget. Default: a ledger of this client. */
  ledger?: Ledger | undefined;
  /** Where copies of chats are stored, for `archive`: what `openArchive` returns. */
  archive?: ArchiveStore | undefined;
  /** Called for every exchange with Poe. */
  log?: Log | undefined;
}

/**
 * A client of poe.com with a browser session. Makes no request before the first call.
 * @throws PoeError `usage` if an option is missing or wrong, or `baseUrl` is not a URL that the session may be sent to
 */
export async function connect(options: ConnectOptions): Promise<WebClient> {
  checkOptions('connect', options, {
    pB: 'filledText',
    pLat: 'text',
    formKey: 'text?',
    cfClearance: 'text?',
    cfBm: 'text?',
    userAgent: 'text?',
    baseUrl: 'text?',
    timeoutMs: 'duration?',
    log: 'function?',
  });
  const {
    baseUrl = 'https://poe.com',
    timeoutMs = 120_000,
    store,
    facts,
    journal,
    ledger,
    archive,
    log = () => {},
    ...tokens
  } = options;
  const [{WebClient}, {SiteConnection}] = await Promise.all([
    import('./client.js'),
    import('./session/site-connection.js'),
  ]);
  const connection = new SiteConnection({tokens, baseUrl, timeoutMs, log});
  const client = new WebClient({connection, tokens, store, facts, journal, ledger, archive});
  return {
    ...acceptChatNames(client),
    bots: client.bots,
    ownBots: client.ownBots,
    users: client.users,
    account: client.account,
    budget: client.budget,
    batch: (prompts, callOptions) => client.batch(prompts, callOptions),
    compare: (text, bots, callOptions) => client.compare(text, bots, callOptions),
    site: client.site,
    siteFacts: (callOptions) => client.siteFacts(callOptions),
    diagnose: (callOptions) => client.diagnose(callOptions),
    watchConnection: (watcher) => client.watchConnection(watcher),
    close: () => client.close(),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
