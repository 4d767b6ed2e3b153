import {points} from './numbers.js';
import {dateTime} from './time.js';

const dayMs = 86_400_000;
const paceDays = 7;

interface ForecastFacts {
  /** The charges; those of the last seven days count. */
  spendings: readonly {time: string; points: number | null}[];
  /** Points left. */
  balance: number;
  /** When points are granted next, ISO 8601; null if never. */
  nextGrant: string | null;
  now?: number;
}

/** Whether the points left last until the next grant at the pace of the last seven days: one sentence. Null if nothing was spent. */
export function forecast({spendings, balance, nextGrant, now = Date.now()}: ForecastFacts): string | null {
  const recent = spendings.filter(({time}) => now - Date.parse(time) < paceDays * dayMs);
  const perDay = recent.reduce((sum, spending) => sum + Math.abs(spending.points ?? 0), 0) / paceDays;
  if (perDay <= 0) return null;
  const pace = `At the pace of the last ${paceDays} days (${points(Math.round(perDay))} a day)`;
  const emptyAt = now + (balance / perDay) * dayMs;
  if (nextGrant === null) return `${pace}, your ${points(balance)} last until ${day(emptyAt)}.`;
  const grantAt = Date.parse(nextGrant);
  if (emptyAt < grantAt) {
    return `${pace}, your ${points(balance)} are used up on ${day(emptyAt)}, before you get more on ${day(grantAt)}.`;
  }
  const left = Math.round(balance - (perDay * Math.max(0, grantAt - now)) / dayMs);
  return `${pace}, about ${points(left)} of your ${points(balance)} are left when you get more on ${day(grantAt)}.`;
}

const day = (time: number): string => dateTime(new Date(time).toISOString()).slice(0, 'YYYY-MM-DD'.length);
