import {countTokens} from './count-tokens.js';
import type {PointPrices} from './point-prices.js';
import {fixedPrice, type Price, unknownPrice} from './price.js';

/** Few replies have more tokens than this. */
const typicalReplyTokens = 2_000;
/** Poe.com does not show how long a reply may be. The limits of most bots are about this or lower. */
const longReplyTokens = 32_000;

/**
 * Reads a bot's price list. Its format is Poe's, not documented. Programs have read lines such as `15 points / message`,
 * `Input … 38 points/1k tokens` (October 2025), `Output … 133 ($0.0040) points / 1K tokens` and `6667 points ($0.20) / video`
 * (October 2026).
 * @param markdown null if there is no list
 * @returns null if it has no price of messages, tokens or what the bot makes, or all are 0 and something else on it costs points
 */
export function pricesOnCard(markdown: string | null): PointPrices | null {
  const lines = (markdown ?? '').split('\n');
  const reply = {
    perMessage: firstPrice(lines, perMessage),
    output: firstPrice(lines.filter(has(/\b(?:output|completion|bot message|reply)\b/i)), perThousandTokens),
  };
  const items = reply.perMessage === null && reply.output === null ? itemPrices(lines) : [];
  const prices = {
    ...reply,
    input: firstPrice(lines.filter(has(/\b(?:input|prompt)\b/i)), perThousandTokens),
    perItem: items.length === 0 ? null : Math.min(...items),
  };
  const known = Object.values(prices).filter((price) => price !== null);
  const isUnclear =
    known.every((price) => price === 0) && lines.some((line) => (firstPrice([line], anyPrice) ?? 0) > 0);
  return known.length === 0 || isUnclear ? null : prices;
}

/** The price of a message according to a bot's price list. @param markdown as for `pricesOnCard` */
export function priceOnCard(markdown: string | null, text: string): Price {
  const prices = pricesOnCard(markdown);
  if (!prices) return unknownPrice;
  const {perMessage, input, output, perItem} = prices;
  if (perItem === null && input === null && output === null) {
    return perMessage === null ? unknownPrice : fixedPrice(perMessage);
  }
  const least = (perMessage ?? 0) + (input === null ? 0 : (input * countTokens(text)) / 1_000);
  if (perItem !== null) {
    const highest = Math.max(...itemPrices((markdown ?? '').split('\n')));
    return {points: Math.ceil(least + perItem), mostPoints: Math.ceil(least + highest), isEstimate: true};
  }
  const pointsFor = (replyTokens: number) => Math.ceil(least + ((output ?? 0) * replyTokens) / 1_000);
  return {
    points: pointsFor(typicalReplyTokens),
    mostPoints: output === null ? null : pointsFor(longReplyTokens),
    isEstimate: true,
  };
}

/* A number of points: `15+ points`, `34 ($0.0010) points`, `6667 points ($0.20)`, `200 ($0.0061)`. */
const dollars = String.raw`\(\$[\d.,]+\)`;
const amount = String.raw`(?<![$\d.,])(\d[\d.,]*)\+?\s*(?:points?(?:\s*${dollars})?|${dollars}(?:\s*points?)?)`;
const anyPrice = new RegExp(amount, 'i');
const perMessage = new RegExp(String.raw`${amount}\s*(?:/|per)\s*(?:message|request)`, 'i');
const perThousandTokens = new RegExp(String.raw`${amount}\s*(?:/|per)\s*(?:1k|1,?000|thousand)\s*tokens`, 'i');

/** What a bot makes: one is counted for each message. */
const perItemMade = new RegExp(String.raw`${amount}\s*(?:/|per)\s*(?:image|video|song|track|clip|generation)\b`, 'i');

const itemPrices = (lines: readonly string[]): number[] =>
  lines.filter((line) => !/\binput\b/i.test(line)).flatMap((line) => firstPrice([line], perItemMade) ?? []);

const has = (pattern: RegExp) => (line: string) => pattern.test(line) && !/\b(?:image|audio|video|cache)/i.test(line);

/** The first price that matches; null if none does. */
function firstPrice(lines: readonly string[], price: RegExp): number | null {
  for (const line of lines) {
    const [, digits] = price.exec(line) ?? [];
    const points = digits === undefined ? Number.NaN : Number(digits.replaceAll(',', ''));
    if (!Number.isNaN(points)) return points;
  }
  return null;
}
