import {Account} from './account.js';
import {Bots} from './bots.js';
import type {Connection} from '../connection.js';
import {Channel} from './live/channel.js';
import {Chats} from './chats.js';
import {WebMessages} from './send/messages.js';
import {Session, type SessionOptions} from './session/session.js';
import {SingleFlight} from '../http/single-flight.js';
import {Users} from './users.js';
import {GraphqlClient} from './session/graphql-client.js';
import type {Client} from '../client.js';
import {interruption, PoeError} from '../errors.js';
import type {Journal} from '../journal.js';
import {type CallOptions, rejectApiOptions, type SendOptions} from '../options.js';
import type {DiagnoseOptions, Finding} from '../finding.js';
import type {SiteFacts} from './protocol/facts.js';
import type {Reply} from '../reply.js';

/** poe.com as a browser's session sees it. Nothing is asked of Poe before the first call. */
export class WebClient implements Client {
  readonly messages: WebMessages;
  readonly chats: Chats;
  readonly bots: Bots;
  readonly users: Users;
  readonly account: Account;
  /** The site's address. */
  readonly site: URL;
  readonly #graphql: GraphqlClient;
  /** The channel, once it is open. */
  #channel: Channel | undefined;
  /** The channel, from its first moment. */
  #begun: Channel | undefined;
  readonly #opening = new SingleFlight<Channel>();
  readonly #watchers = new Set<(connection: Connection) => void>();

  constructor({journal, ...options}: SessionOptions & {journal?: Journal | undefined}) {
    const session = new Session(options);
    this.site = session.http.site;
    this.#graphql = new GraphqlClient(session);
    this.bots = new Bots(this.#graphql);
    this.users = new Users(this.#graphql);
    this.chats = new Chats(this.#graphql, this.bots);
    this.account = new Account(this.#graphql, this.bots);
    this.messages = new WebMessages({
      graphql: this.#graphql,
      openChannel: (signal) => this.#open(signal),
      bots: this.bots,
      chats: this.chats,
      journal,
    });
  }

  /** As `messages.send`, to the named bot, else to the chat's, else to the account's default bot. */
  async send(text: string, {bot, chat: ref, ...options}: SendOptions = {}): Promise<Reply> {
    rejectApiOptions(options);
    const {signal} = options;
    const chat = ref && !('id' in ref) ? await this.chats.find(ref, {signal}) : ref;
    const to = bot ?? chat?.bot ?? (await this.account.defaultBot({signal}));
    try {
      return await this.messages.send(text, to, {...options, chat});
    } catch (error) {
      // “Server Error” is also what Poe says when the chat is gone; then the chat is not found here either.
      if (chat && error instanceof PoeError && error.code === 'refused') await this.chats.check(chat, {signal});
      throw error;
    }
  }

  /** Looks at each layer between this program and Poe, and says what it saw. */
  async *diagnose(options?: DiagnoseOptions): AsyncGenerator<Finding, void, undefined> {
    const {diagnose} = await import('./diagnose/diagnose.js');
    yield* diagnose(this.#graphql, options);
  }

  /** What is known of the site at this moment. Holds no secret. @throws PoeError */
  async siteFacts({signal}: CallOptions = {}): Promise<SiteFacts> {
    return (await this.#graphql.session.credentials(signal)).facts;
  }

  /** @param watcher is told when the live channel is lost, and when it is back @returns a function that ends this */
  watchConnection(watcher: (connection: Connection) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Hangs up. Replies that are still coming in end as lost. */
  close(): void {
    this.#begun?.close();
    this.#begun = undefined;
    this.#channel = undefined;
    this.#opening.forget();
  }

  /** One channel serves all replies. */
  async #open(signal?: AbortSignal): Promise<Channel> {
    if (this.#channel?.isLost) this.close();
    return this.#channel ?? this.#opening.join((wanted) => this.#connect(wanted), signal);
  }

  async #connect(signal: AbortSignal): Promise<Channel> {
    const channel = new Channel(this.#graphql, (connection) => {
      for (const watcher of this.#watchers) watcher(connection);
    });
    this.#begun = channel;
    try {
      await channel.open({signal});
    } catch (error) {
      channel.close();
      throw error;
    }
    if (this.#begun !== channel) throw interruption(signal);
    channel.tell('open');
    this.#channel = channel;
    return channel;
  }
}
