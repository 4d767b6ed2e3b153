import type {ModelBot} from '../../core/model-bot.js';
import type {PointPrices} from '../../core/spending/point-prices.js';
import {counted, perMillion, points} from './numbers.js';

/** The kinds of input and output: "text, image → text". */
export function kindText({takes, gives}: ModelBot): string | null {
  return takes.length + gives.length === 0 ? null : `${takes.join(', ')} → ${gives.join(', ')}`;
}

/** Prices per 1,000 input and output tokens in points: "87 in, 433 out". Null if they are not per token. */
export function pointsText({pricesUsd}: Pick<ModelBot, 'pricesUsd'>): string | null {
  if (!pricesUsd) return null;
  const {prompt, completion, pointsPerDollar} = pricesUsd;
  const perThousand = (usd: number) => Number((usd * pointsPerDollar * 1000).toPrecision(3)).toLocaleString('en-US');
  const parts = [
    prompt !== null && `${perThousand(prompt)} in`,
    completion !== null && `${perThousand(completion)} out`,
  ];
  return parts.filter(Boolean).join(', ') || null;
}

/** Prices per million input and output tokens, per image and per request. */
export function priceText({pricesUsd}: ModelBot): string | null {
  if (!pricesUsd) return null;
  const {prompt, completion, image, request} = pricesUsd;
  const parts = [
    prompt !== null && `${perMillion(prompt)} in`,
    completion !== null && `${perMillion(completion)} out`,
    image !== null && `${image} per image`,
    request !== null && (request === 0 ? 'free' : `${request} points per message`),
  ];
  return parts.filter(Boolean).join(', ') || null;
}

/** What a bot costs in points: "15 points", "38 in, 300 out per 1k", "420 points each" for what it makes. Null if unknown. */
export function pointPricesText(prices: PointPrices | null, tokenUnit = 'per 1k'): string | null {
  if (!prices) return null;
  const {perMessage, input, output, perItem} = prices;
  const rates = [input !== null && `${counted(input)} in`, output !== null && `${counted(output)} out`].filter(Boolean);
  const perTokens = rates.length > 0 && `${rates.join(', ')} ${tokenUnit}`;
  const perMade = perItem !== null && `${points(perItem)} each`;
  return [perMessage !== null && points(perMessage), perTokens, perMade].filter(Boolean).join(' + ') || null;
}
