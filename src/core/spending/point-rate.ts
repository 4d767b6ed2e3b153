/** About this many points are worth a dollar, according to two bills of April 2026. */
export const usualPointsPerDollar = 33_300;

/** Poe rounds dollars to four digits after the point: below this, a rate would be wrong by more than half a percent. */
const leastUsd = 0.01;

/** How many points a dollar is worth, by a balance in both. Null if the balance is too small, or makes no sense. */
export function pointsPerDollar({points, usd}: {points: number; usd: number | null}): number | null {
  if (usd === null || usd < leastUsd) return null;
  const rate = points / usd;
  const isLikely = rate > usualPointsPerDollar / 3 && rate < usualPointsPerDollar * 3;
  return isLikely ? rate : null;
}
