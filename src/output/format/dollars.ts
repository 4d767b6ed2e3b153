/** A price in US dollars for a million tokens, from that of one. */
export const perMillion = (usd: number): string => `$${Number((usd * 1e6).toPrecision(4))}`;

/** A sum of US dollars: "$0.08". */
export const dollars = (usd: number): string => `$${usd.toLocaleString('en-US', {maximumFractionDigits: 4})}`;
