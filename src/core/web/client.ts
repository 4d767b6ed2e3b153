import {WebAccount} from './account.js';
import {WebBots} from './bots.js';
import {SharedChannel} from './live/shared-channel.js';
import {WebChats} from './chats.js';
import {WebMessages, type WebSendOptions} from './send/messages.js';
import {Session, type SessionOptions} from './session/session.js';
import {WebUsers} from './users.js';
import {lazyOwnBots, type OwnBots} from '../own-bots.js';
import {GraphqlClient} from './session/graphql-client.js';
import type {ArchiveStore} from '../archive/archive-store.js';
import type {ChatArchive} from '../archive/archive.js';
import {noArchive, StoredArchive} from '../archive/chat-archive.js';
import type {Client, Connection} from '../client.js';
import {isHostedByPoe} from '../files/receive/hosted-by-poe.js';
import {isLoopback} from '../http/url.js';
import type {Journal} from '../journal/journal.js';
import type {CallOptions} from '../options.js';
import type {DiagnoseOptions, Finding} from '../finding.js';
import type {SiteFacts} from './protocol/facts.js';
import {type BatchBackend, type BatchOptions, batchPrompts, type BatchPrompt, type BatchResult} from '../many/batch.js';
import {type ComparedReply, compareBots, type CompareOptions} from '../many/compare.js';
import type {Reply} from '../reply.js';
import type {Budget, Ledger} from '../spending/ledger.js';
import {type Price, unknownPrice} from '../spending/price.js';
import type {PriceCache} from '../spending/price-cache.js';
import {memoryLedger} from '../spending/memory-ledger.js';

/** A client of poe.com with a browser session. Makes no request before the first call. */
export class WebClient implements Client {
  readonly messages: WebMessages;
  readonly chats: WebChats;
  readonly bots: WebBots;
  readonly ownBots: OwnBots;
  readonly users: WebUsers;
  readonly account: WebAccount;
  readonly budget: Budget;
  readonly archive: ChatArchive;
  /** The site's URL. */
  readonly site: URL;
  readonly #graphql: GraphqlClient;
  readonly #channel: SharedChannel;

  constructor({
    journal,
    ledger = memoryLedger(),
    archive,
    prices,
    ...options
  }: SessionOptions & {
    journal?: Journal | undefined;
    ledger?: Ledger | undefined;
    archive?: ArchiveStore | undefined;
    /** Where prices that took a request are stored. */
    prices?: (() => Promise<PriceCache>) | undefined;
  }) {
    const session = new Session(options);
    const graphql = new GraphqlClient(session);
    this.site = session.http.site;
    this.#graphql = graphql;
    this.#channel = new SharedChannel(graphql);
    this.bots = new WebBots(graphql, prices);
    this.ownBots = lazyOwnBots(async () => {
      const {WebOwnBots} = await import('./own-bots.js');
      return new WebOwnBots(graphql, this.bots);
    });
    this.users = new WebUsers(graphql);
    this.chats = new WebChats(graphql, this.bots);
    this.account = new WebAccount(graphql, this.bots);
    const {account, bots, chats} = this;
    this.messages = new WebMessages({graphql, channel: this.#channel, account, bots, chats, journal, ledger});
    this.budget = ledger.budget;
    const {messages, site} = this;
    this.archive = new StoredArchive({
      store: archive ? async () => archive : noArchive,
      chats,
      messages,
      account: async (signal) => String((await account.identity({signal})).uid),
      isOnThisMachine: async () => isLoopback(site.hostname),
      isOnPoe: async (url) => isHostedByPoe(url, [site.href]),
      saveFile: (url, path, to) => messages.saveFile(url, path, to),
    });
  }

  send(text: string, options?: WebSendOptions): Promise<Reply> {
    return this.messages.send(text, options);
  }

  compare(
    text: string,
    bots: readonly string[],
    options: CompareOptions = {},
  ): AsyncGenerator<ComparedReply, void, undefined> {
    return compareBots((each, to) => this.send(each, to), text, bots, options);
  }

  batch(
    prompts: Iterable<BatchPrompt> | AsyncIterable<BatchPrompt>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchResult, void, undefined> {
    let looking: Promise<Price> | undefined;
    const backend: BatchBackend = {
      send: (text, to) => this.send(text, to),
      // The price of a message is its cost.
      costOf: async ({bot}) => {
        const price = await (looking ??= this.bots.price(bot, {text: ''}).catch(() => unknownPrice));
        return price.isEstimate ? {points: null, isEstimate: false} : price;
      },
      release: async () => {},
    };
    return batchPrompts(backend, prompts, options);
  }

  async *diagnose(options?: DiagnoseOptions): AsyncGenerator<Finding, void, undefined> {
    const {diagnose} = await import('./diagnose/diagnose.js');
    yield* diagnose(this.#graphql, options);
  }

  /** The facts about the site that are in use. They contain no secrets. @throws PoeError */
  async siteFacts({signal}: CallOptions = {}): Promise<SiteFacts> {
    return (await this.#graphql.session.credentials(signal)).facts;
  }

  watchConnection(watcher: (connection: Connection) => void): () => void {
    return this.#channel.watch(watcher);
  }

  close(): void {
    this.#graphql.session.http.close();
    this.#channel.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}
