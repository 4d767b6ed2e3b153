import type {Since} from './account.js';
import type {ChatRef} from './names/chat-ref.js';
import {PoeError} from './errors.js';
import {unsupported, webOnly} from './unsupported.js';
import type {Chat} from './model.js';
import type {BotFilter} from './model-bot.js';
import type {Id} from './names/id.js';

/** Options of every call. */
export interface CallOptions {
  /** Aborting it ends the call with `interrupted`. */
  signal?: AbortSignal | undefined;
}

/** Options of every list. */
export interface ListOptions extends CallOptions {
  /** The maximum number of items. Default: all. */
  limit?: number | undefined;
  /** The least time between two requests to poe.com for pages of the list, in milliseconds. Default: 200. */
  minIntervalMs?: number | undefined;
}

/** Options of `chats.read`. */
export interface ReadOptions extends ListOptions {
  /**
   * Called when the newest messages have arrived from poe.com, before they are read, if there are no older ones: another request can
   * be made meanwhile.
   */
  onArrival?: (() => void) | undefined;
}

/** Options of `account.spendings`. */
export interface SpendingOptions extends ListOptions {
  since?: Since | undefined;
  /** Called with the number of charges on a page that Poe sent in an unknown format. They are left out. */
  onUnreadable?: ((count: number) => void) | undefined;
}

/** Options of lists of bots. */
export interface BotListOptions extends ListOptions {
  /** Browser session: `isFree`, `maxPrice` and the orders `new` and `price`, among the first 500 bots unless there is no `limit`. */
  filter?: BotFilter | undefined;
  /** Do not use a list of bots that was downloaded within the last hour, or a price that was looked up within the last day. */
  isFresh?: boolean | undefined;
  /**
   * Set `pricesPoints` of each bot. Prices that poe.com does not send with the list take a request each, one after another. A filter
   * or an order that needs prices does this, too. Browser session only: with an API key, bots have `pricesUsd`.
   */
  withPrices?: boolean | undefined;
  /** The most prices to request. The others are unknown. Default: 100. */
  maxLookUps?: number | undefined;
  /** Called before each price is requested, and for each bot whose price stays unknown. */
  onPrices?: ((progress: PriceProgress) => void) | undefined;
}

/** What a list of bots has done to find prices. */
export interface PriceProgress {
  /** Prices that were requested so far. */
  requested: number;
  /** Bots whose price was not requested, because of `maxLookUps` or because requests failed. */
  skipped: number;
  /** Bots that the filter left out because their price is unknown. */
  leftOut: number;
  /** Whether Poe has limited the rate of requests. No more prices are requested then. */
  isRateLimited: boolean;
}

/** Options of `chats.search`. */
export interface SearchOptions extends ListOptions {
  /** Search message texts as well as titles. Takes at least one request per chat on poe.com. */
  inMessages?: boolean | undefined;
  /** Only search this many of the newest chats. Default: all. */
  among?: number | undefined;
}

/** Options of `chats.purge`. */
export interface PurgeOptions extends CallOptions {
  /** Called with each local chat that was deleted, and with `poe` when those on poe.com were. */
  onDeleted?: ((deleted: {chatCode: string} | 'poe') => void | Promise<void>) | undefined;
}

/**
 * How the API is asked: OpenAI-compatible chat completions, Poe's own bot protocol, Anthropic's messages (for Claude, with cached
 * prompts), OpenAI's responses (with web search and summaries of reasoning), or OpenAI's images or videos.
 */
export type Protocol = 'openai' | 'native' | 'messages' | 'responses' | 'images' | 'videos';

/** How hard a bot thinks before it answers. */
export type Effort = 'low' | 'medium' | 'high';

/** Parameters of the API. A bot on poe.com has one of these only if it has a control with its name. */
export const apiParameterNames: ReadonlySet<string> = new Set(['temperature', 'top_p', 'top_k', 'max_tokens', 'stop']);

/** Options of `messages.attach`. */
export interface AttachOptions extends CallOptions {
  /** Fail before anything is sent unless the reply can be shared. */
  shareable?: boolean | undefined;
}

/** Options of `messages.saveFile`. */
export interface SaveFileOptions extends CallOptions {
  /** Whether an existing file is replaced. Default: an existing file is an error. */
  mayReplace?: boolean | undefined;
  /** Whether a redirect to a server that is not Poe's is an error: that server would learn that the file is read. Default: false. */
  onlyFromPoe?: boolean | undefined;
}

/** Options of `messages.retry`. */
export interface RetryOptions extends AttachOptions {
  /**
   * Fail with `too_expensive` before anything is sent if the message may cost more points than this, or Poe shows no price. API key:
   * an estimate from the prices of tokens, with the longest possible reply.
   */
  maxPoints?: number | undefined;
  /** Called before a message is sent that usually costs 1,000 points or more, with this price. */
  onExpensive?: ((points: number) => Promise<void>) | undefined;
  /** Values for the parameters of the bot, which `bots.info` lists; checked before anything is sent. */
  parameters?: Readonly<Record<string, string>> | undefined;
  /** The bot's handle, in any letter case. Default: the bot of the last reply. API key only. */
  bot?: string | undefined;
  /** Sets the parameter of the bot that controls its reasoning, whatever its name. */
  effort?: Effort | undefined;
  /**
   * How often to send the message again if it is not known whether Poe has processed it. Each time may be charged.
   * Default: 0. A message that Poe certainly has not processed is always sent again, at most twice: if there was no
   * connection, if it was lost before the whole message was sent, and after HTTP 429, 503 and 529.
   */
  retries?: number | undefined;
  /**
   * Default: chat completions for bots that the API lists for them; messages for long chats with bots that the API lists for that;
   * images or videos for bots that it lists only for these; native for other bots and with files. A bot that does not accept `messages` or `responses` is asked by chat completions. API key
   * only.
   */
  protocol?: Protocol | undefined;
}

/** Options of `send`. */
export interface SendOptions<Ref = ChatRef | Chat> extends Omit<RetryOptions, 'bot'> {
  /** The bot's handle, in any letter case. Default: the chat's bot, or else the account's default bot. */
  bot?: string | undefined;
  /** The chat to continue. Default: a new chat. */
  chat?: Ref | undefined;
  /**
   * Files to attach. All are opened before anything is sent. Browser session: up to
   * 350,000,000 bytes in total. API key: any size; with `protocol: 'openai'` up to 20,000,000 bytes in total.
   */
  files?: readonly FileSource[] | undefined;
  /**
   * Instructions for the bot. API key: they apply to the whole chat from here on. Browser session: they precede the text of this
   * message, because poe.com has no system prompts.
   */
  system?: string | undefined;
  /**
   * Start a chat that is not stored: with an API key it exists only in this client, with a browser session Poe does not list it.
   * Not for existing chats.
   */
  isTemporary?: boolean | undefined;
  /**
   * Start a new chat with a copy of the messages of `chat` before this one. API key only.
   */
  branchAt?: Id | undefined;
  /**
   * The message of `chat` that this one replies to, or `last`. Browser session: poe.com refers to it. API key: the text begins
   * with a quote of it.
   */
  replyTo?: MessageRef | undefined;
  /**
   * Fail with `usage` before anything is sent unless Poe finishes the reply without this program, so that `messages.attach` can
   * get it later: any message with a browser session, videos with an API key.
   */
  detachable?: boolean | undefined;
  /**
   * A JSON Schema that the reply should match. With `protocol: 'responses'` the API receives it as the format of the response;
   * otherwise it has no effect. The message should describe the format as well: bots do not always follow it.
   */
  schema?: object | undefined;
  /** Called as bytes of the files are sent. */
  onUpload?: ((progress: UploadProgress) => void) | undefined;
  /** Wait up to a second after the reply for the title of a new chat. */
  awaitTitle?: boolean | undefined;
  /** Called if `system` became the beginning of the message. Browser session only. */
  onSystemInMessage?: (() => void) | undefined;
  /** Called with the bot's handle if no bot was named and the account has no default bot. API key only. */
  onFallbackBot?: ((handle: string) => void) | undefined;
}

/** A message of a chat: its ID, or `last` for the newest message. */
export type MessageRef = Id;

/** A file to attach: a path, an `https:` or `file:` URL, or content. A named pipe is read to its end. */
export type FileSource = string | URL | FileContent;

export interface FileContent {
  /** Read once, to its end, and copied to a temporary file. */
  content: AsyncIterable<Uint8Array>;
  /** The file name to send. Default: `file` with the extension of the detected type. */
  name?: string | undefined;
  /** The name in error messages. Default: `name`. */
  label?: string | undefined;
}

export interface UploadProgress {
  /** Bytes. */
  sent: number;
  /** Bytes. */
  total: number;
}

/** @throws PoeError `usage` for a temporary message in an existing chat */
export function checkTemporary({isTemporary, chat}: SendOptions): void {
  if (!isTemporary || !chat) return;
  throw new PoeError('usage', 'An existing chat cannot become temporary', {hint: 'Start a new chat.'});
}

/** @throws PoeError `usage` for a reply to a message whose chat is not given */
export function checkReplyTo({replyTo, chat}: SendOptions): void {
  if (replyTo === undefined || chat) return;
  throw new PoeError('usage', 'A reply to a message requires its chat', {remedy: 'name_chat'});
}

/** @param chat the code or number of a chat on poe.com  @throws PoeError `not_logged_in` for options that only the API has */
export function rejectApiOptions({protocol, branchAt}: Omit<SendOptions, 'bot'>, chat?: string): void {
  if (branchAt !== undefined) throw unsupported('Branching a chat', 'api', {chat});
  if (protocol) throw unsupported('Choosing a protocol', 'api', {chat});
}

/** @param chat the code of a local chat  @throws PoeError `not_logged_in` for options that only poe.com has */
export function rejectWebOptions({shareable}: Omit<RetryOptions, 'bot'>, chat?: string): void {
  if (shareable) throw webOnly.share(chat);
}
