import type {Spending, UsageBy, UsageSum} from '../../account.js';

/** Sums spendings up: the dearest bot or key first, the newest day first. */
export async function summed(spendings: AsyncIterable<Spending>, by: UsageBy): Promise<UsageSum[]> {
  const sums = new Map<string | null, UsageSum>();
  for await (const spending of spendings) {
    const name = nameIn(spending, by);
    const before = sums.get(name) ?? {name, points: 0, usd: null, count: 0};
    sums.set(name, {
      name,
      points: before.points + spending.points,
      usd: spending.usd === null ? before.usd : exact((before.usd ?? 0) + spending.usd),
      count: before.count + 1,
    });
  }
  const all = [...sums.values()];
  // What was spent is told as a positive number; should Poe tell it as a loss, it is the same.
  if (all.reduce((total, {points}) => total + points, 0) < 0) for (const sum of all) sum.points *= -1;
  const order: (a: UsageSum, b: UsageSum) => number =
    by === 'day' ? (a, b) => (b.name ?? '').localeCompare(a.name ?? '') : (a, b) => b.points - a.points;
  return all.toSorted(order);
}

/** Without the noise of binary fractions: Poe tells four digits. */
const exact = (usd: number): number => Number(usd.toFixed(8));

function nameIn({bot, key, time}: Spending, by: UsageBy): string | null {
  switch (by) {
    case 'bot':
      return bot;
    case 'key':
      return key;
    case 'day':
      return dayOf(new Date(time));
  }
}

const dayOf = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
