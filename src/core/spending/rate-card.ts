import {countTokens} from './count-tokens.js';
import {fixedPrice, type Price, unknownPrice} from './price.js';

/** Few replies have more tokens than this. */
const typicalReplyTokens = 2_000;

/** The prices in a bot's price list, in points; null for those that it does not have. */
export interface CardRates {
  perMessage: number | null;
  /** Per 1,000 tokens. */
  input: number | null;
  /** Per 1,000 tokens. */
  output: number | null;
}

/**
 * Reads a bot's price list. Its format is Poe's, not documented: lines such as `15 points / message`, or
 * `Input … 10 points / 1k tokens` and `Output … 50 points / 1k tokens` (early 2026).
 * @param markdown null if there is no list
 */
export function ratesOnCard(markdown: string | null): CardRates {
  const lines = (markdown ?? '').split('\n');
  return {
    perMessage: firstPrice(lines, /([\d.,]+)\+?\s*points?\s*(?:\/|per)\s*(?:message|request)/i),
    input: firstPrice(lines.filter(has(/\b(?:input|prompt)\b/i)), perThousandTokens),
    output: firstPrice(lines.filter(has(/\b(?:output|completion|bot message|reply)\b/i)), perThousandTokens),
  };
}

/** The price of a message according to a bot's price list. @param markdown as for `ratesOnCard` */
export function priceOnCard(markdown: string | null, text: string): Price {
  const {perMessage, input, output} = ratesOnCard(markdown);
  if (input === null && output === null) return perMessage === null ? unknownPrice : fixedPrice(perMessage);
  const points = (perMessage ?? 0) + ((input ?? 0) * countTokens(text) + (output ?? 0) * typicalReplyTokens) / 1_000;
  return {points: Math.ceil(points), mostPoints: null, isEstimate: true};
}

const perThousandTokens = /([\d.,]+)\+?\s*points?\s*(?:\/|per)\s*(?:1k|1,?000|thousand)\s*tokens/i;

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
