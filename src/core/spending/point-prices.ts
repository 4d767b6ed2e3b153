/** What a bot costs in points, as Poe shows it; null for what it does not show. */
export interface PointPrices {
  perMessage: number | null;
  /** Per 1,000 tokens of the message and the chat. */
  input: number | null;
  /** Per 1,000 tokens of the reply. */
  output: number | null;
  /** Per image, video or the like that the bot makes, the lowest if there are several; null if messages or replies have a price. */
  perItem: number | null;
}

export const pricePerMessage = (points: number): PointPrices => ({
  perMessage: points,
  input: null,
  output: null,
  perItem: null,
});

/** What a message of 1,000 tokens costs with a reply of 500, or one item; null if the price of replies is not known. */
export function typicalPoints({perMessage, input, output, perItem}: PointPrices): number | null {
  if (perMessage === null && output === null && perItem === null) return null;
  return (perMessage ?? 0) + (input ?? 0) + (output ?? 0) / 2 + (perItem ?? 0);
}

/** Whether messages cost nothing. */
export const isFree = (prices: PointPrices): boolean => typicalPoints(prices) === 0;
