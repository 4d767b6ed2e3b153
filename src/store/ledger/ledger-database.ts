import {rmSync} from 'node:fs';
import {join} from 'node:path';
import * as v from 'valibot';
import {pointsToReserve, statusOf} from '../../core/spending/budget.js';
import type {BudgetLimit, BudgetStatus, LedgerClient} from '../../core/spending/ledger.js';
import {periodAround} from '../../core/spending/period.js';
import type {Price} from '../../core/spending/price.js';
import {Database} from '../database/database.js';
import type {Charge} from './charge.js';
import {Reservations} from './reservations.js';
import {ledgerMigrations} from './schema.js';
import {isFinished, readCharges, spoolFiles} from './spool.js';

const Points = v.object({points: v.nullable(v.number())});
const ClientPoints = v.object({client: v.nullable(v.string()), points: v.number()});
const Import = v.object({end: v.number()});
/** How many of a bot's latest replies to look at for its usual cost. */
const usualOf = 10;
/** Decimal places of sums. The totals come from adding and subtracting, which is not exact. */
const digits = 6;

interface PlannedCharge {
  limit: BudgetLimit | undefined;
  bot: string;
  price: Price;
  client: LedgerClient | undefined;
}

interface LedgerOptions {
  folder: string;
  /** Which Poe the charges come from: those of a test server are separate. */
  site: string;
  onDamaged: (path: string) => void;
}

/** The charges of a profile, in SQLite. Every method throws PoeError `store`. */
export class LedgerDatabase {
  readonly database: Database;
  readonly site: string;
  readonly reservations: Reservations;
  readonly #folder: string;

  private constructor(database: Database, {folder, site}: LedgerOptions) {
    this.database = database;
    this.site = site;
    this.#folder = folder;
    this.reservations = new Reservations(database, site);
  }

  static async open(options: LedgerOptions): Promise<LedgerDatabase> {
    const path = join(options.folder, 'ledger.db');
    const database = await Database.open({path, migrations: ledgerMigrations, onDamaged: options.onDamaged});
    return new LedgerDatabase(database, options);
  }

  /** The budget as it is now. @param client the program whose budget it is; missing for the one of the profile */
  status(limit: BudgetLimit, client?: string): BudgetStatus {
    return this.database.transaction(() => {
      this.importSpool();
      return this.#status(limit, client);
    });
  }

  /** Points spent since the start of a day or month, by the program that the messages were sent for; null is poe itself. */
  spentSince(start: number): {client: string | null; points: number}[] {
    return this.database.transaction(() => {
      this.importSpool();
      return this.database.all(
        ClientPoints,
        `SELECT nullif(client, '') AS client, round(sum(points), ${digits}) AS points FROM spent
         WHERE site = ? AND since >= ? GROUP BY client`,
        [this.site, start],
      );
    });
  }

  /**
   * Sets points aside for a message, if each budget allows it.
   * @param message.limit the budget of the profile
   * @returns how many; null if the price is not known
   * @throws PoeError `over_budget`
   */
  reserve(id: string, {limit, bot, price, client}: PlannedCharge): number | null {
    return this.database.transaction(() => {
      this.importSpool();
      const usual = this.#usualCost(bot);
      const forClient = client?.budget
        ? pointsToReserve(bot, price, usual, this.#status(client.budget, client.name), client.name)
        : 0;
      const points = limit ? pointsToReserve(bot, price, usual, this.#status(limit)) : forClient;
      this.reservations.add(id, points ?? 0, client?.name ?? null);
      return points;
    });
  }

  /** Adds a charge, or replaces the one with the same ID, and ends its reservation. */
  add(charge: Charge): void {
    this.database.transaction(() => {
      this.reservations.remove(charge.id);
      this.#insert(charge);
    });
  }

  /** Imports what other processes have appended to the files of charges. Several processes may do it at the same time. */
  importSpool(): void {
    if (this.database.isReadOnly) return;
    const finished: string[] = [];
    this.database.transaction(() => {
      for (const file of spoolFiles(this.#folder)) {
        const before = this.database.first(Import, 'SELECT end FROM imports WHERE file = ?', [file])?.end ?? 0;
        const {charges, end} = readCharges(join(this.#folder, file), before);
        for (const charge of charges) this.#insert(charge);
        if (end > before) this.database.run('REPLACE INTO imports (file, end) VALUES (?, ?)', [file, end]);
        else if (isFinished(file)) finished.push(file);
      }
    });
    for (const file of finished) rmSync(join(this.#folder, file), {force: true});
  }

  close(): void {
    this.database.close();
  }

  /** @param client only what was sent for this program */
  #status(limit: BudgetLimit, client: string | null = null): BudgetStatus {
    const now = Date.now();
    const {start} = periodAround(now, limit.period);
    const charged = this.database.first(
      Points,
      `SELECT round(sum(points), ${digits}) AS points FROM spent WHERE site = ? AND since >= ? AND (? IS NULL OR client = ?)`,
      [this.site, start, client, client],
    );
    return statusOf(limit, (charged?.points ?? 0) + this.reservations.sumSince(start, client), now);
  }

  /** The most that one of the bot's latest replies has cost; null if that is not known. */
  #usualCost(bot: string): number | null {
    const row = this.database.first(
      Points,
      `SELECT max(points) AS points FROM (
         SELECT points FROM charges
         WHERE site = ? AND bot = ? COLLATE NOCASE AND points IS NOT NULL AND is_estimate = 0
         ORDER BY time DESC LIMIT ?)`,
      [this.site, bot, usualOf],
    );
    return row?.points ?? null;
  }

  #insert({id, sentAt, time, site, via, bot, points, isEstimate, ...more}: Charge): void {
    const {chat, chatCode, messageCode, input, output, cached, client = null} = more;
    // A cost from Poe's history is not replaced.
    this.database.run(
      `INSERT INTO charges (key, site, time, sent_at, via, bot, type, chat, chat_code, message_code, input, output,
         cached, points, is_estimate, client)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (key) DO UPDATE SET
         chat = coalesce(excluded.chat, chat), message_code = coalesce(excluded.message_code, message_code),
         points = coalesce(excluded.points, points), is_estimate = excluded.is_estimate
       WHERE poe_key IS NULL`,
      [
        id,
        site,
        time,
        sentAt,
        via,
        bot,
        via === 'api' ? 'API' : 'Chat',
        chat,
        chatCode,
        messageCode,
        input,
        output,
        cached,
        points,
        isEstimate ? 1 : 0,
        client,
      ],
    );
  }
}
