import type {Bot} from './model.js';
import type {BotParameter} from './parameters/bot-parameter.js';

/** A bot as Poe's API lists it. */
export interface ModelBot extends Omit<Bot, 'id' | 'botId' | 'pricesPoints'> {
  /** The API sends neither `id` nor `botId`. */
  id: null;
  botId: null;
  /** In US dollars, per token, image or request; null if the API sends no prices. */
  pricesUsd: {
    prompt: number | null;
    completion: number | null;
    image: number | null;
    /** In points, although all others are in US dollars. */
    request: number | null;
    /** A token of the prompt that is read from the provider's cache, or written to it. */
    cacheRead: number | null;
    cacheWrite: number | null;
    /** How many points a dollar is worth: by the last balance of the account that was read, or else about 33,300. */
    pointsPerDollar: number;
  } | null;
  contextTokens: number | null;
  outputTokens: number | null;
  /** Accepted kinds of input, such as `text` and `image`. */
  takes: string[];
  /** Kinds of output. */
  gives: string[];
  /** Often empty, even for bots that accept chat completions. */
  endpoints: string[];
  /** ISO 8601. */
  createdTime: string | null;
  /** Whether the bot can reason before it answers, with which budget of tokens; null if the API does not say. */
  reasoning: {minTokens: number | null; maxTokens: number | null; isRequired: boolean; takesEffort: boolean} | null;
  parameters: BotParameter[];
}

/** Which bots of a list to include, and in which order. A browser session has only `isFree`, `maxPrice` and `sort`. */
export interface BotFilter {
  /** A kind of input that the bot accepts, such as `image`. */
  input?: string | undefined;
  /** A kind of output, such as `video`. */
  output?: string | undefined;
  /** Such as `tools` or `web_search`. */
  feature?: string | undefined;
  /** The end of an endpoint's path, such as `messages` or `chat/completions`. */
  endpoint?: string | undefined;
  /** Part of the name of the company that makes or hosts the bot. */
  owner?: string | undefined;
  /** Only bots that Poe lists as free. Bots without a price are not. */
  isFree?: boolean | undefined;
  /** Only bots whose messages usually cost at most this many points. Bots without a price are left out. */
  maxPrice?: number | undefined;
  /** Only bots that were added after this time. */
  since?: Date | undefined;
  /**
   * Newest first, cheapest first, or the largest context first (API key only). Unknown values come last. Default: newest first with an
   * API key, Poe's order with a browser session. Poe.com sends no dates: the bots that it marks as new come first.
   */
  sort?: BotOrder | undefined;
}

export type BotOrder = 'new' | 'price' | 'context';
