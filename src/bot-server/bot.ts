import type {FileContent, FileSource} from '../core/options.js';
import type {AskOptions} from './poe/ask-bot.js';
import type {CostItem} from './poe/cost.js';
import type {BotEvent, FileEvent} from './events.js';
import type {BotQuery} from './query.js';
import type {BotSettings} from './settings.js';

export type {FileContent, FileSource};

/** What a bot may send: a piece of text, or an event. */
export type BotOutput = string | BotEvent;

/**
 * Replies to a message, usually as an async generator. What it throws is reported to the user as an unexpected problem; throw a
 * `ReplyError` to choose the message.
 */
export type ReplyHandler = (
  query: BotQuery,
  context: BotContext,
) => AsyncIterable<BotOutput> | Promise<BotOutput> | BotOutput;

/** A bot that a server answers for. */
export interface Bot {
  reply: ReplyHandler;
  /** The path of its URL. Default: `/`. */
  path?: string | undefined;
  /** Its handle on Poe. */
  handle?: string | undefined;
  /** Its access key, if it has another one than the other bots of the server. */
  accessKey?: string | undefined;
  /** What Poe should know about the bot. Poe asks for it, or `updateSettings` sends it. */
  settings?: BotSettings | (() => BotSettings | Promise<BotSettings>) | undefined;
  /** Insert a message with the text of each attachment before the message to answer. Default: true, as in fastapi_poe. */
  insertsAttachments?: boolean | undefined;
  /** Called when a user likes or dislikes a reply. */
  onFeedback?: ((report: FeedbackReport) => void | Promise<void>) | undefined;
  /** Called when a user reacts to a reply. */
  onReaction?: ((report: ReactionReport) => void | Promise<void>) | undefined;
  /** Called when Poe could not use a reply. */
  onErrorReport?: ((report: ErrorReport) => void | Promise<void>) | undefined;
}

/** What a bot needs besides the query. */
export interface BotContext {
  /** Aborted when nobody waits for the reply any more: the user stopped it, or it took too long. */
  signal: AbortSignal;
  /**
   * Asks another bot on Poe in the name of the user, who pays for it. Declare it in `serverBotDependencies` of the settings.
   * Yields the events of its reply, so that `yield* context.ask('GPT-4o-Mini')` passes them on. Never asks twice.
   * @throws ReplyError if the bot reports an error; PoeError if it cannot be reached, or its reply is cut off
   */
  ask(bot: string, options?: AskOptions): AsyncGenerator<BotEvent, void, undefined>;
  /**
   * Uploads a file to Poe, and returns the event that adds it to the reply: `yield await context.attach('chart.png')`.
   * @param source a path, a URL that Poe downloads, or content
   * @throws PoeError
   */
  attach(source: FileSource, options?: AttachFileOptions): Promise<FileEvent>;
  /**
   * Makes sure that the user can pay for a reply, before the bot spends anything on it. For creators whom Poe allows to charge.
   * @throws ReplyError if the user cannot, which Poe explains; PoeError
   */
  authorizeCost(items: readonly CostItem[]): Promise<void>;
  /** Charges the user for a reply. @throws as `authorizeCost` */
  captureCost(items: readonly CostItem[]): Promise<void>;
}

export interface AttachFileOptions {
  /** Show the file inside the text, where it says `![title][inlineRef]`, instead of below it. */
  isInline?: boolean | undefined;
}

export interface FeedbackReport {
  messageId: string;
  userId: string;
  conversationId: string;
  /** `like` or `dislike`. */
  feedbackType: string;
}

export interface ReactionReport {
  messageId: string;
  userId: string;
  conversationId: string;
  reaction: string;
}

export interface ErrorReport {
  message: string;
  metadata: Readonly<Record<string, unknown>>;
}
