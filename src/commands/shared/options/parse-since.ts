import {InvalidArgumentError} from 'commander';
import type {Since} from '../../../core/account.js';

const unitMs = {h: 3_600_000, d: 86_400_000, w: 604_800_000};

/** Parses a duration before now such as `2w`, or a date. For options of commander. */
export function parseSince(value: string): Since {
  const [, count, unit] = /^(\d{1,4})([hdw])$/.exec(value) ?? [];
  if (count !== undefined && (unit === 'h' || unit === 'd' || unit === 'w'))
    return {agoMs: Number(count) * unitMs[unit]};
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const date = new Date(isDay ? `${value}T00:00` : /^\d{4}-/.test(value) ? value : Number.NaN);
  if (!Number.isNaN(date.getTime()) && isOnCalendar(value)) return date;
  throw new InvalidArgumentError('Expected a duration such as 12h, 7d or 2w, or a date such as 2026-04-01.');
}

/** Whether a date exists: `Date` takes February 30 for March 2. */
function isOnCalendar(value: string): boolean {
  const [day = ''] = /^\d{4}-\d{2}-\d{2}/.exec(value) ?? [];
  return day === '' || new Date(`${day}T00:00Z`).toISOString().startsWith(day);
}

/** The moment by the clock of this machine. */
export const sinceDate = (since: Since): Date => (since instanceof Date ? since : new Date(Date.now() - since.agoMs));
