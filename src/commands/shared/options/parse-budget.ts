import {InvalidArgumentError} from 'commander';
import type {BudgetLimit} from '../../../core/spending/ledger.js';

/** Parses `5000/day`. */
export function parseBudget(value: string): BudgetLimit {
  const [, digits, period] = /^([\d_,]+)\s*\/\s*(day|month|d|m)$/i.exec(value.trim()) ?? [];
  const limit = Number(digits?.replaceAll(/[_,]/g, ''));
  if (period !== undefined && Number.isSafeInteger(limit) && limit > 0) {
    return {limit, period: period.toLowerCase().startsWith('d') ? 'day' : 'month'};
  }
  throw new InvalidArgumentError('Expected points and a period, such as 5000/day or 20000/month.');
}
