import {checkBudget, pointsToReserve, statusOf} from './budget.js';
import type {Budget, BudgetLimit, Ledger, Reservation} from './ledger.js';
import {periodAround} from './period.js';
import {unknownPrice} from './price.js';

interface Charge {
  bot: string;
  time: number;
  points: number;
}

/** A ledger of this process, for clients that are given no other. It counts what is sent while a budget is set. */
export function memoryLedger(): Ledger {
  let limit: BudgetLimit | undefined;
  const charges = new Set<Charge>();
  const status = (of: BudgetLimit) => {
    const now = Date.now();
    const {start} = periodAround(now, of.period);
    const spent = [...charges].reduce((sum, {time, points}) => (time < start ? sum : sum + points), 0);
    return statusOf(of, spent, now);
  };
  const budget: Budget = {
    get: async () => (limit ? status(limit) : null),
    set: async (wanted) => status((limit = checkBudget(wanted))),
    async clear() {
      limit = undefined;
    },
  };
  return {
    budget,
    // It knows no programs.
    budgetOf: () => budget.get(),
    async reserve({bot, price: priceOf}) {
      const price = limit ? await priceOf() : unknownPrice;
      const usual = [...charges].findLast((charge) => charge.bot === bot)?.points ?? null;
      // Nothing is awaited between the check and the reservation.
      const points = (limit && pointsToReserve(bot, price, usual, status(limit))) ?? 0;
      const charge: Charge = {bot, time: Date.now(), points};
      charges.add(charge);
      return {
        settle() {},
        charge: (_reply, cost) => void (charge.points = cost),
        release: () => void charges.delete(charge),
      } satisfies Reservation;
    },
  };
}
