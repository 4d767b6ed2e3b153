import {findModel} from './models.js';
import type {PromptTokens} from './messages/prompt-cache.js';

/** What a request costs. */
export interface RequestCost {
  points: number;
  /** As Poe's list of costs shows it. */
  breakdown: Readonly<Record<string, string>> & {Total: string};
}

/** About this many points are worth a dollar (April 2026). */
export const pointsPerDollar = 33_300;
/** For bots without a price. */
const flatPoints = 17;

/** About four bytes are a token. */
export const tokensIn = (text: string): number => Math.ceil(Buffer.byteLength(text) / 4);

/** The cost of a request to a bot. */
export function costOf(
  model: string,
  {input, cacheRead, cacheWrite, output}: PromptTokens & {output: number},
): RequestCost {
  const prices = findModel(model)?.pricing;
  if (!prices) return {points: flatPoints, breakdown: {Total: `${flatPoints} points`}};
  const price = (name: string) => Number(prices[name] ?? prices['prompt'] ?? 0) * pointsPerDollar;
  const inputPoints = (input + cacheRead) * price('prompt');
  const writePoints = cacheWrite * price('input_cache_write');
  const discount = cacheRead * (price('prompt') - price('input_cache_read'));
  const outputPoints = output * price('completion');
  const points = Math.max(1, Math.round(inputPoints + writePoints + outputPoints - discount));
  const row = (value: number, tokens: number) => `${Math.round(value)} points (${tokens} tokens)`;
  return {
    points,
    breakdown: {
      Input: row(inputPoints, input + cacheRead),
      ...(cacheWrite > 0 && {'Cache write': row(writePoints, cacheWrite)}),
      ...(cacheRead > 0 && {'Cache discount': row(-discount, cacheRead)}),
      Output: row(outputPoints, output),
      Total: `${points} points`,
    },
  };
}
