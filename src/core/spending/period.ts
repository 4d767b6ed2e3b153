import type {BudgetPeriod} from './ledger.js';

/** The day or month that a time is in, by the local calendar. Both limits are in milliseconds since 1970. */
export function periodAround(time: number, period: BudgetPeriod): {start: number; end: number} {
  const date = new Date(time);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  // Not 24 hours: clocks are changed.
  return period === 'day'
    ? {start: new Date(year, month, day).getTime(), end: new Date(year, month, day + 1).getTime()}
    : {start: new Date(year, month, 1).getTime(), end: new Date(year, month + 1, 1).getTime()};
}
