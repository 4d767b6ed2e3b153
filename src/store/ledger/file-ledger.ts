import {existsSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {interruption} from '../../core/errors.js';
import type {CallOptions} from '../../core/options.js';
import {checkBudget, leastOf} from '../../core/spending/budget.js';
import type {
  Budget,
  BudgetLimit,
  BudgetStatus,
  Ledger,
  LedgerClient,
  PlannedMessage,
  Reservation,
  SettledReply,
} from '../../core/spending/ledger.js';
import {periodAround} from '../../core/spending/period.js';
import type {Log} from '../../core/log/log.js';
import {uniqueName} from '../files/unique-name.js';
import {readBudget, writeBudget} from './budget-file.js';
import {type Charge, type ChargeBase, chargeOf} from './charge.js';
import type {LedgerDatabase} from './ledger-database.js';
import {Spool} from './spool.js';

interface FileLedgerOptions {
  /** See `ledgerFolder`. */
  folder: string;
  /** The host of Poe, such as `poe.com`. */
  site: string;
  log: Log;
  note: (text: string) => void;
  /** Adds the charges since a time, in milliseconds since 1970, that Poe's history shows. */
  addHistory: (ledger: LedgerDatabase, since: number, signal: AbortSignal) => Promise<void>;
}

/** How long a message waits for the costs of earlier ones. */
const maxWaitMs = 5_000;
/** How often costs are asked for at most. */
const minPauseMs = 2_000;

/** The folder of a profile's ledger and budget. */
export const ledgerFolder = (profile: string, dir: string): string =>
  // A profile may be named `..`.
  join(resolve(dir), 'ledger', profile.replaceAll('.', '%2E'));

/** Which Poe two URLs belong to: `poe.com`, another host, or `localhost` and a port for a server on this machine. */
export function siteOfLedger(siteUrl: string, apiUrl: string): string {
  const [site, api] = [new URL(siteUrl), new URL(apiUrl)];
  const local = [api, site].find(({protocol}) => protocol === 'http:');
  return local ? `localhost:${local.port}` : api.hostname.replace(/^(?:api|www)\./, '');
}

/**
 * The ledger and the budget of a profile, which all processes share. Without a budget, a charge is only appended to a file; SQLite is
 * loaded when it is needed.
 */
export class FileLedger implements Ledger {
  readonly #options: FileLedgerOptions;
  readonly #spool: Spool;
  #database: Promise<LedgerDatabase> | undefined;
  #learning: {startedAt: number; done: Promise<void>} | undefined;

  constructor(options: FileLedgerOptions) {
    this.#options = options;
    this.#spool = new Spool(options.folder);
  }

  readonly budget: Budget = {
    get: async ({signal} = {}) => {
      const limit = readBudget(this.#options.folder);
      return limit ? (await this.#updated([limit], signal)).status(limit) : null;
    },
    set: async (wanted, {signal} = {}) => {
      const limit = checkBudget(wanted);
      const database = await this.#updated([limit], signal);
      writeBudget(this.#options.folder, limit);
      return database.status(limit);
    },
    clear: async () => writeBudget(this.#options.folder, undefined),
  };

  async budgetOf(client: LedgerClient): Promise<BudgetStatus | null> {
    const limit = readBudget(this.#options.folder);
    if (!limit && !client.budget) return null;
    const database = await this.#updated([limit, client.budget]);
    return leastOf([limit && database.status(limit), client.budget && database.status(client.budget, client.name)]);
  }

  async reserve(
    {via, bot, price: priceOf, costOf, client}: PlannedMessage,
    {signal}: CallOptions = {},
  ): Promise<Reservation> {
    const {folder, site} = this.#options;
    const limit = readBudget(folder);
    const base = {id: uniqueName(), sentAt: Date.now(), site, via, bot, ...(client && {client: client.name})};
    if (!limit && !client?.budget)
      return this.#reservation(base, costOf, {add: (charge) => this.#spool.append(charge), remove() {}});
    const [database, price] = await Promise.all([this.#updated([limit, client?.budget], signal), priceOf()]);
    const points = database.reserve(base.id, {limit, bot, price, client});
    const {extensionMs} = await import('./reservations.js');
    const timer = setInterval(() => this.#try(() => database.reservations.extend(base.id)), extensionMs).unref();
    return this.#reservation(base, (usage) => costOf?.(usage) ?? points, {
      add(charge) {
        clearInterval(timer);
        database.add(charge);
      },
      remove() {
        clearInterval(timer);
        database.reservations.remove(base.id);
      },
    });
  }

  /** Whether anything was ever recorded. */
  get isEmpty(): boolean {
    return !existsSync(this.#options.folder);
  }

  /** The charges in SQLite. @throws PoeError `store` */
  database(): Promise<LedgerDatabase> {
    const {folder, site, note} = this.#options;
    const onDamaged = (path: string) => note(`The ledger was damaged. It is now ${path}, and a new one was created.`);
    this.#database ??= import('./ledger-database.js').then(({LedgerDatabase}) =>
      LedgerDatabase.open({folder, site, onDamaged}),
    );
    return this.#database;
  }

  /** The charges, with the costs of bots without a price: only Poe's history shows them, so that budgets would not count them. */
  async #updated(limits: readonly (BudgetLimit | null | undefined)[], signal?: AbortSignal): Promise<LedgerDatabase> {
    const database = await this.database();
    const starts = limits.flatMap((limit) => (limit ? [periodAround(Date.now(), limit.period).start] : []));
    if (!this.#learning || Date.now() - this.#learning.startedAt > minPauseMs) {
      this.#learning = {startedAt: Date.now(), done: this.#learnCosts(database, Math.min(...starts), signal)};
    }
    await this.#learning.done;
    if (signal?.aborted) throw interruption(signal);
    return database;
  }

  async #learnCosts(database: LedgerDatabase, start: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      const {unknownCostSince} = await import('./poe-history.js');
      database.database.transaction(() => database.importSpool());
      const since = unknownCostSince(database, start);
      const ends = [AbortSignal.timeout(maxWaitMs), ...(signal ? [signal] : [])];
      if (since !== undefined) await this.#options.addHistory(database, since, AbortSignal.any(ends));
    } catch (error) {
      // Then a later message asks again.
      this.#options.log({what: 'ledger', status: error instanceof Error ? error.message : String(error)});
    }
  }

  async close(): Promise<void> {
    this.#spool.close();
    const database = await this.#database?.catch(() => undefined);
    if (database) this.#try(() => database.close());
  }

  #reservation(
    base: ChargeBase,
    costOf: PlannedMessage['costOf'],
    store: {add: (charge: Charge) => void; remove: () => void},
  ): Reservation {
    const add = (reply: SettledReply | undefined, points: number | null, isEstimate: boolean) =>
      this.#try(() => store.add(chargeOf(base, reply, {points, isEstimate})));
    return {
      settle: (reply) => add(reply, costOf?.(reply?.usage ?? null) ?? null, true),
      charge: (reply, points) => add(reply, points, false),
      release: () => this.#try(() => store.remove()),
    };
  }

  /** A charge that cannot be stored is logged: it must not fail a message that has been sent. */
  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.log({what: 'ledger', status: error instanceof Error ? error.message : String(error)});
    }
  }
}
