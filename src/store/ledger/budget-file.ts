import {rmSync, statSync} from 'node:fs';
import {dirname, join} from 'node:path';
import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';
import type {BudgetLimit} from '../../core/spending/ledger.js';
import {writeAtomically} from '../files/atomic-write.js';
import {attempt, isSystemError} from '../files/errors.js';
import {readTextFile} from '../files/read-file.js';

const BudgetFile = v.object({limit: v.pipe(v.number(), v.safeInteger()), period: v.picklist(['day', 'month'])});

const pathOf = (folder: string): string => join(folder, 'budget.json');

/**
 * The budget of a profile. It has a file of its own, so that a send without one does not load SQLite.
 * @throws PoeError `store` if the file cannot be read: then nothing may be spent
 */
export function readBudget(folder: string): BudgetLimit | undefined {
  const path = pathOf(folder);
  try {
    // An error takes longer than this, and most profiles have no budget.
    if (!statSync(path, {throwIfNoEntry: false})) return undefined;
    return v.parse(BudgetFile, JSON.parse(readTextFile(path)));
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return undefined;
    if (isSystemError(error, 'EACCES') && isOfOtherUser(dirname(folder))) return undefined;
    throw new PoeError('store', `Could not read the budget in ${path}`, {remedy: 'raise_budget', cause: error});
  }
}

/** Whether the folder is in one that this user cannot enter, such as the home of another user: then it has none of this user's budgets. */
function isOfOtherUser(folder: string): boolean {
  try {
    statSync(folder);
    return false;
  } catch (error) {
    return isSystemError(error, 'EACCES');
  }
}

/** @throws PoeError `store` */
export function writeBudget(folder: string, budget: BudgetLimit | undefined): void {
  const path = pathOf(folder);
  attempt('write', path, () => {
    if (budget) writeAtomically(path, JSON.stringify(budget));
    else rmSync(path, {force: true});
  });
}
