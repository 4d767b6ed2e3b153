import type {ChatCopy} from './chat-copy.js';
import type {ApiSettings, Balance, Cost, Identity, Since, Spending, UsageBy, UsageSum} from './account.js';
import type {ChatRef} from './names/chat-ref.js';
import type {Backend} from './errors.js';
import type {DiagnoseOptions, Finding} from './finding.js';
import type {Bot, Chat, Citation, Message, Settings, User} from './model.js';
import type {ModelBot} from './model-bot.js';
import type {
  BotListOptions,
  AttachOptions,
  CallOptions,
  ListOptions,
  SpendingOptions,
  ReadOptions,
  MessageRef,
  PurgeOptions,
  RetryOptions,
  SaveFileOptions,
  SearchOptions,
  SendOptions,
} from './options.js';
import type {ChatArchive} from './archive/archive.js';
import type {BatchOptions, BatchPrompt, BatchResult} from './many/batch.js';
import type {ComparedReply, CompareOptions} from './many/compare.js';
import type {OwnBots} from './own-bots.js';
import type {Reply} from './reply.js';
import type {Price} from './spending/price.js';
import type {Budget} from './spending/ledger.js';
import type {UnfinishedReply} from './journal/unfinished.js';
import type {Id} from './names/id.js';

/**
 * The interface to Poe with a browser session, an API key, or both. Every method throws PoeError; an operation or
 * option that the backend in use does not have throws `not_logged_in` with the fact `needs`. `Ref` is how chats are passed.
 */
export interface Client<Ref = ChatRef | Chat> {
  readonly messages: Messages<Ref>;
  readonly chats: Chats<Ref>;
  readonly bots: Bots;
  readonly ownBots: OwnBots;
  readonly users: Users;
  readonly account: Account;
  readonly budget: Budget;
  readonly archive: ChatArchive<Ref>;
  /**
   * Sends a message; resolves when Poe has accepted it. It is sent again only if Poe certainly did not process it, or as
   * often as `retries` allows. Aborting the signal cancels the reply.
   * @throws PoeError `delivery_unknown` if Poe may have processed the message: it may have been charged
   */
  send(text: string, options?: SendOptions<Ref>): Promise<Reply>;
  /**
   * Asks several bots the same question, each in a new chat. Yields their replies in the order in which they end; a bot that fails does
   * not affect the others. Leaving the loop cancels the other replies.
   */
  compare(
    text: string,
    bots: readonly string[],
    options?: CompareOptions,
  ): AsyncGenerator<ComparedReply, void, undefined>;
  /**
   * Sends each prompt to a bot, in a chat of its own. Yields the results in the order in which the replies end. Leaving the loop cancels
   * the other replies.
   */
  batch(
    prompts: Iterable<BatchPrompt> | AsyncIterable<BatchPrompt>,
    options?: BatchOptions,
  ): AsyncGenerator<BatchResult, void, undefined>;
  /** Checks each layer between this program and Poe. Sends nothing to a bot. */
  diagnose(options?: DiagnoseOptions): AsyncIterable<Finding>;
  /**
   * Calls `watcher` when the connection that delivers replies is interrupted or restored.
   * @returns a function that stops the calls
   */
  watchConnection(watcher: (connection: Connection) => void): () => void;
  /**
   * Closes all connections, so that the process can exit. Replies that are still arriving end with `reply_lost`; every later call
   * fails with `usage`.
   */
  close(): void;
  /** As `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Whether events on Poe are received: `open`, `reconnecting` after an interruption, or `lost` when the client has given up.
 */
export type Connection = 'open' | 'reconnecting' | 'lost';

/** Messages that were sent. Wherever a chat is passed, its last message or reply is meant. */
export interface Messages<Ref = ChatRef | Chat> {
  /** Regenerates the last reply. Aborting the signal cancels it. */
  retry(chat: Ref, options?: RetryOptions): Promise<Reply>;
  /**
   * The last reply: complete, or followed until it is. Aborting the signal does not cancel it.
   * @throws PoeError `message_not_found` if the chat has no reply
   */
  attach(chat: Ref, options?: AttachOptions): Promise<Reply>;
  /** Stops the bot that is writing. Browser session only. */
  cancel(chat: Ref, options?: CallOptions): Promise<void>;
  /** Whether a bot is writing, or about to write, a reply in a chat. Browser session only. */
  isReplying(chat: Ref, options?: CallOptions): Promise<boolean>;
  /**
   * The messages in the journal whose replies have not been received completely, newest first, also those of other programs with
   * the same journal. `attach` gets such a reply.
   */
  unfinished(options?: CallOptions): Promise<UnfinishedReply[]>;
  /**
   * Saves a file of a reply. A key is sent only for videos of the API.
   * @param url the `url` or `thumbnailUrl` of an attachment
   * @returns the size in bytes
   * @throws PoeError `file`, `too_large`
   */
  saveFile(url: string, path: string, options?: SaveFileOptions): Promise<number>;
  /** Deletes messages permanently. @throws PoeError `message_not_found` */
  delete(chat: Ref, messageIds: readonly Id[], options?: CallOptions): Promise<void>;
  /**
   * Creates a public link to messages. Browser session only.
   * @param messageIds default: the last message and the replies to it
   */
  share(chat: Ref, messageIds?: readonly Id[], options?: CallOptions): Promise<string>;
  /** @param of a reply's message code, or a chat */
  cost(of: string | Ref, options?: CallOptions): Promise<Cost>;
  /**
   * Creates a public link to each app in a message. Browser session only.
   * @param of a message id, or a chat
   */
  previews(of: Id | Ref, options?: CallOptions): Promise<string[]>;
  /** The sources that a bot named in a message with `hasCitations`. Browser session only. */
  citations(messageId: Id, options?: CallOptions): Promise<Citation[]>;
}

/**
 * Chats on poe.com, or chats on this machine that were started with an API key. Lists are newest first and load lazily.
 */
export interface Chats<Ref = ChatRef | Chat> {
  /** @throws PoeError `chat_not_found` */
  find(chat: Ref, options?: CallOptions): Promise<Chat>;
  history(options?: ListOptions): AsyncGenerator<Chat, void, undefined>;
  /** The chats with one bot. */
  byBot(bot: string, options?: ListOptions): AsyncGenerator<Chat, void, undefined>;
  /** The chats with a text in their title, in any letter case. */
  search(text: string, options?: SearchOptions): AsyncGenerator<Chat, void, undefined>;
  /** A chat and its messages. @throws PoeError `chat_not_found` */
  read(chat: Ref, options?: ReadOptions): Promise<{chat: Chat; messages: AsyncGenerator<Message, void, undefined>}>;
  /** @returns the renamed chat */
  setTitle(chat: Ref, title: string, options?: CallOptions): Promise<Chat>;
  /**
   * Copies a chat up to and including a message to a new chat. API key only.
   * @throws PoeError `message_not_found`
   */
  branch(chat: Ref, at: MessageRef, options?: CallOptions): Promise<Chat>;
  /** Makes the bot ignore all earlier messages. They stay in the chat. */
  clearContext(chat: Ref, options?: CallOptions): Promise<void>;
  /** Turns on or off that Poe shortens the context it sends to the bot, which costs less. Browser session only. */
  setContextOptimization(chat: Ref, isOn: boolean, options?: CallOptions): Promise<void>;
  /** Deletes a chat permanently. */
  delete(chat: Ref, options?: CallOptions): Promise<void>;
  /** Deletes all chats permanently. */
  purge(options?: PurgeOptions): Promise<void>;
  /**
   * Copies a shared chat into the account. Browser session only.
   * @param share the share's code or URL, `https://poe.com/s/<code>`
   * @throws PoeError `chat_not_found`
   */
  import(share: string, options?: CallOptions): Promise<Chat>;
  /** Which chats `history` lists and `purge` deletes. */
  locations(): Promise<ChatLocations>;
}

export interface ChatLocations {
  /** Whether chats on poe.com are included. */
  poe: boolean;
  /** Whether chats on this machine are included, and there are any. */
  local: boolean;
}

/** Chats stored on this machine. They can be read and changed without an API key. */
export interface LocalChatStore extends Chats {
  /** Whether a chat is one of these. */
  has(chat: ChatRef | Chat): Promise<boolean>;
  /**
   * Stores a chat that was exported. One that is stored already stays as it is.
   * @param options.bot the bot to continue it with; default: the one in the copy
   */
  restore(copy: ChatCopy, options?: {bot?: string | undefined}): Promise<{chat: Chat; isNew: boolean}>;
  /** Reads a file of a message by its `file:` URL. @returns undefined if no chat stores it */
  readFile(url: string): Promise<Uint8Array | undefined>;
  /** Deletes messages permanently, all or none. @throws PoeError `message_not_found` */
  deleteMessages(chat: ChatRef | Chat, messageIds: readonly Id[]): Promise<void>;
}

export interface Bots {
  /** @param name the handle in any letter case. @throws PoeError `bot_not_found` with the fact `suggestions` */
  info(name: string, options?: BotInfoOptions): Promise<Bot | ModelBot>;
  /** As `info`, but also accepts bots that can be asked though Poe does not list them. */
  resolve(name: string, options?: CallOptions): Promise<Recipient>;
  /** Bots that match a query, best first, or in the order of the filter. */
  search(query: string, options?: BotListOptions): AsyncGenerator<Bot | ModelBot, void, undefined>;
  /**
   * The bots of a category, or those that Poe shows first.
   * @param category browser session only
   * @throws PoeError `usage` if there is no such category
   */
  explore(category?: string, options?: BotListOptions): AsyncGenerator<Bot | ModelBot, void, undefined>;
  /** What a message to a bot will cost. @param options.text the message  @throws PoeError `bot_not_found` */
  price(handle: string, options: CallOptions & PriceOptions): Promise<Price>;
  /**
   * Poe's price list of a bot, in Markdown; null if there is none. Browser session only.
   * @param options.isRequired whether a list that cannot be read is an error, rather than null
   */
  rateCard(
    bot: Pick<Bot, 'botId'> & {handle?: string},
    options?: CallOptions & {isRequired?: boolean},
  ): Promise<string | null>;
  /** The names of the categories. Browser session only. */
  categories(options?: CallOptions): Promise<string[]>;
}

export interface BotInfoOptions extends Pick<BotListOptions, 'isFresh' | 'signal'> {
  /** Where to look the bot up, if the client has two backends. Default: that of the backend used by default. */
  via?: Backend | undefined;
}

export interface PriceOptions {
  /** Whose price, if the client has two backends. Default: that of the backend used by default. */
  via?: Backend | undefined;
  /** The message. */
  text: string;
  /** The most tokens that the reply may have. API key only. */
  maxTokens?: number | undefined;
}

/** A bot that messages can be sent to. */
export type Recipient = Pick<Bot, 'handle' | 'displayMessagePointPrice'> & {
  /** The prices of tokens, if the API lists the bot. API key only. */
  pricesUsd?: ModelBot['pricesUsd'] | undefined;
};

/** The people on Poe. Browser session only. Each method throws PoeError `user_not_found`. */
export interface Users {
  /** @param handle in any letter case */
  info(handle: string, options?: CallOptions): Promise<User>;
  /** People whose names match, best first. */
  search(query: string, options?: ListOptions): AsyncGenerator<User, void, undefined>;
  /** @param user handle or uid */
  follow(user: string | number, options?: CallOptions): Promise<void>;
  /** @param user handle or uid */
  unfollow(user: string | number, options?: CallOptions): Promise<void>;
}

export interface Account {
  identity(options?: CallOptions): Promise<Identity>;
  settings(options?: AccountOptions): Promise<Settings | ApiSettings>;
  /** The points left; null if Poe does not send them. */
  balance(options?: AccountOptions): Promise<Balance | {points: number | null}>;
  /** The bot that answers when no bot is named. */
  defaultBot(options?: CallOptions): Promise<Recipient>;
  /** @param bot handle, or the bot's number (browser session only) */
  setDefaultBot(bot: string | number, options?: CallOptions): Promise<void>;
  /** Sets how many points a message may cost before Poe asks for confirmation. Browser session only. */
  setPointLimit(points: number, options?: CallOptions): Promise<void>;
  /** Sums of the points spent, at most of the last 30 days. */
  usage(by: UsageBy, options?: CallOptions & {since?: Since}): Promise<UsageSum[]>;
  /** The time by Poe's clock in milliseconds since 1970, once a response has arrived. */
  now?(): number;
  /** The charges of the last 30 days, newest first. A browser session shows no chats, keys and tokens, and display names of bots. */
  spendings(options?: SpendingOptions): AsyncGenerator<Spending, void, undefined>;
}

export interface AccountOptions extends CallOptions {
  /** Whose account, if the client has two. Default: that of the backend used by default. */
  via?: Backend | undefined;
}
