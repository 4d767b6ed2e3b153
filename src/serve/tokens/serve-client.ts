import type {BudgetLimit, Ledger} from '../../core/spending/ledger.js';

/** A program that uses the server, by its token. */
export interface ServeClient {
  /** The name of its token. */
  readonly name: string;
  /** Which bots it may use, as patterns such as `claude-*`; null for all. */
  readonly bots: readonly string[] | null;
  /** The budget of its token; null for none. */
  readonly budget: BudgetLimit | null;
  /**
   * Sets points aside for its messages. It holds the budget of the token and the one of the profile, across processes, and records the
   * name of the token with each charge.
   */
  readonly ledger: Ledger;
}

/** The ledger of a profile, as a program with a token uses it. */
export const ledgerOf = (ledger: Ledger, {name, budget}: Pick<ServeClient, 'name' | 'budget'>): Ledger => ({
  budget: {...ledger.budget, get: () => ledger.budgetOf({name, budget})},
  budgetOf: (client) => ledger.budgetOf(client),
  reserve: (message, options) => ledger.reserve({...message, client: {name, budget}}, options),
});
