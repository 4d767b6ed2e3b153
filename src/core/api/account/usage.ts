import type {Spending, UsageBy, UsageSum} from '../../account.js';

/** Adds up charges: the most expensive bot or key first, the newest day first. */
export async function sumUsage(spendings: AsyncIterable<Spending>, by: UsageBy): Promise<UsageSum[]> {
  const sums = new Map<string | null, UsageSum>();
  for await (const spending of spendings) {
    const name = groupName(spending, by);
    const before = sums.get(name) ?? {name, points: 0, usd: null, count: 0};
    sums.set(name, {
      name,
      points: before.points + spending.points,
      usd: spending.usd === null ? before.usd : roundUsd((before.usd ?? 0) + spending.usd),
      count: before.count + 1,
    });
  }
  const all = [...sums.values()];
  // Poe sends costs as positive numbers. Accept negative ones too.
  if (all.reduce((total, {points}) => total + points, 0) < 0) for (const sum of all) sum.points *= -1;
  const order: (a: UsageSum, b: UsageSum) => number =
    by === 'day' || by === 'month'
      ? (a, b) => (b.name ?? '').localeCompare(a.name ?? '')
      : (a, b) => b.points - a.points;
  return all.toSorted(order);
}

/** Removes the noise of binary fractions. Poe sends four decimals. */
const roundUsd = (usd: number): number => Number(usd.toFixed(8));

function groupName({bot, chat, canvas, key, time}: Spending, by: UsageBy): string | null {
  switch (by) {
    case 'bot':
      return bot;
    case 'key':
      return key;
    case 'chat':
      return canvas ?? chat;
    case 'month':
      return localDay(new Date(time)).slice(0, 7);
    case 'day':
      return localDay(new Date(time));
  }
}

const localDay = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
