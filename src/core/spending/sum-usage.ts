import type {Spending, UsageBy, UsageSum} from '../account.js';
import {sameBot} from './same-bot.js';

/** As UsageSum, but the points are null if those of no charge are known. */
export type ChargeSum = Omit<UsageSum, 'points'> & {points: number | null};

/** How charges that poe has recorded are added up: also by the program that poe sent the messages for. */
export type RecordedUsageBy = UsageBy | 'client';

/** A charge. The points are null if they are not known; they then count as 0. */
type Charge = Pick<Spending, 'bot' | 'chat' | 'canvas' | 'key' | 'time' | 'usd'> & {
  points: number | null;
  client?: string | null;
};

/** Adds up charges: the most expensive bot or key first, the newest day first. */
export async function sumUsage(
  spendings: AsyncIterable<Charge> | Iterable<Charge>,
  by: RecordedUsageBy,
): Promise<ChargeSum[]> {
  const sums = new Map<string | null, ChargeSum>();
  for await (const spending of spendings) {
    const name = groupName(spending, by);
    const group = name === null ? null : by === 'bot' ? sameBot(name) : name.toLowerCase();
    const before = sums.get(group) ?? {name, points: null, usd: null, count: 0};
    sums.set(group, {
      name: before.name,
      points: spending.points === null ? before.points : (before.points ?? 0) + spending.points,
      usd: spending.usd === null ? before.usd : roundUsd((before.usd ?? 0) + spending.usd),
      count: before.count + 1,
    });
  }
  const all = [...sums.values()];
  // Poe sends costs as positive numbers. Accept negative ones too.
  if (all.reduce((total, {points}) => total + (points ?? 0), 0) < 0) {
    for (const sum of all) if (sum.points !== null) sum.points *= -1;
  }
  const order: (a: ChargeSum, b: ChargeSum) => number =
    by === 'day' || by === 'month'
      ? (a, b) => (b.name ?? '').localeCompare(a.name ?? '')
      : (a, b) => (b.points ?? -1) - (a.points ?? -1);
  return all.toSorted(order);
}

/** Removes the noise of binary fractions. Poe sends four decimals. */
const roundUsd = (usd: number): number => Number(usd.toFixed(8));

function groupName({bot, chat, canvas, key, client, time}: Charge, by: RecordedUsageBy): string | null {
  switch (by) {
    case 'bot':
      return bot;
    case 'key':
      return key;
    case 'client':
      return client ?? null;
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
