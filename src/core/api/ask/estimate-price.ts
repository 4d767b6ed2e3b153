import type {ModelBot} from '../../model-bot.js';
import type {TokenUsage} from '../../reply.js';
import {countTokens} from '../../spending/count-tokens.js';
import {fixedPrice, type Price, unknownPrice} from '../../spending/price.js';

/** Few replies have more tokens than this. A budget sets this many aside unless the reply is limited to fewer. */
const typicalReplyTokens = 2_000;

interface Request {
  /** The text of the message, its context and the instructions. */
  texts: readonly string[];
  parameters: Readonly<Record<string, unknown>>;
}

/**
 * What a message will cost, from the prices in the API's list and an estimated number of tokens.
 * @param bot undefined if the API does not list it
 */
export function estimatePrice(bot: ModelBot | undefined, {texts, parameters}: Request): Price {
  if (!bot?.pricesUsd) return unknownPrice;
  const {prompt, completion, request, cacheRead, pointsPerDollar} = bot.pricesUsd;
  if (prompt === null && completion === null) return request === null ? unknownPrice : fixedPrice(request);
  const input = texts.reduce((sum, text) => sum + countTokens(text), 0);
  const {max_tokens: limit} = parameters;
  const longest = (typeof limit === 'number' && limit > 0 ? limit : null) ?? bot.outputTokens ?? bot.contextTokens;
  const pointsFor = (output: number, inputPrice = prompt) =>
    Math.ceil((request ?? 0) + (input * (inputPrice ?? 0) + output * (completion ?? 0)) * pointsPerDollar);
  const isFree = pointsFor(1_000_000) === 0;
  return {
    points: pointsFor(Math.min(longest ?? typicalReplyTokens, typicalReplyTokens)),
    mostPoints: longest === null && !isFree ? null : pointsFor(longest ?? 0),
    // All of it may be in Poe's cache.
    leastPoints: pointsFor(0, cacheRead ?? prompt),
    isEstimate: !isFree,
  };
}

/** Whether a message may cost this many points, without counting its tokens. It errs on the side of yes. */
export function mayCost(points: number, {pricesUsd}: ModelBot, texts: readonly string[]): boolean {
  if (!pricesUsd) return false;
  const {prompt, completion, request, pointsPerDollar} = pricesUsd;
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  const usd = length * (prompt ?? 0) + typicalReplyTokens * (completion ?? 0);
  return (request ?? 0) + usd * pointsPerDollar >= points;
}

/** What a reply has cost according to its tokens; null if they or the prices are not known. */
export function estimateCost(bot: ModelBot | undefined, usage: TokenUsage | null): number | null {
  if (!bot?.pricesUsd || usage?.promptTokens == null || usage.completionTokens === null) return null;
  const {prompt, completion, request, cacheRead, pointsPerDollar} = bot.pricesUsd;
  if (prompt === null || completion === null) return null;
  const cached = usage.cachedTokens ?? 0;
  const usd =
    (usage.promptTokens - cached) * prompt + cached * (cacheRead ?? prompt) + usage.completionTokens * completion;
  return Math.round((request ?? 0) + usd * pointsPerDollar);
}
