import * as v from 'valibot';
import type {Spending} from '../../core/account.js';
import type {LedgerDatabase} from './ledger-database.js';
import {matchCharges} from './match-charges.js';

/** Poe shows a cost of 0 until it knows the cost of a reply. */
const settlingMs = 10 * 60_000;
/** Charges of this long before the last update are read again: they may have appeared late, or without their cost. */
const overlapMs = 2 * 3_600_000;

const History = v.object({start: v.number(), end: v.number()});
const Row = v.object({
  key: v.string(),
  time: v.number(),
  bot: v.string(),
  type: v.nullable(v.string()),
  chat: v.nullable(v.string()),
});

/** Who was asked for the history. The same charge has different IDs in both, and an API key shows more of it. */
export type HistorySource = 'api' | 'web';

/** From where Poe's history must be read so that the ledger has all charges since a time. In milliseconds since 1970. */
export function missingSince(ledger: LedgerDatabase, start: number, source: HistorySource): number {
  const known = knownHistory(ledger, source);
  const isKnown = known !== undefined && known.start <= start && known.end > start;
  const from = isKnown ? Math.max(start, known.end - overlapMs) : start;
  return source === 'api' ? from : Math.max(from, knownHistory(ledger, 'api')?.end ?? 0);
}

const knownHistory = ({database, site}: LedgerDatabase, source: HistorySource) =>
  database.first(History, 'SELECT start, end FROM history WHERE site = ?', [nameOf(site, source)]);

const nameOf = (site: string, source: HistorySource): string => (source === 'api' ? site : `${site} (web)`);

const Time = v.object({time: v.nullable(v.number())});

/**
 * When the first message since a time was sent with an API key whose cost is not known, though Poe's history may show it by now.
 * In milliseconds since 1970.
 */
export function unknownCostSince(ledger: LedgerDatabase, start: number): number | undefined {
  const read = knownHistory(ledger, 'api')?.end ?? 0;
  const {database, site} = ledger;
  const sql = `SELECT min(time) AS time FROM charges
    WHERE site = ? AND time >= ? AND sent_at IS NOT NULL AND via = 'api' AND points IS NULL`;
  // A charge that did not appear in time never will: the message was free, or failed.
  return database.first(Time, sql, [site, Math.max(start, read - settlingMs)])?.time ?? undefined;
}

/**
 * Adds charges of Poe's history, and finds the messages that they are for.
 * @param range the times between which these are all charges
 */
export function addHistory(
  ledger: LedgerDatabase,
  spendings: readonly Spending[],
  {start, end, source = 'api'}: {start: number; end: number; source?: HistorySource},
): void {
  const {database, site} = ledger;
  // Poe sends costs as positive numbers. Accept negative ones too.
  const sign = spendings.reduce((sum, {points}) => sum + points, 0) < 0 ? -1 : 1;
  database.transaction(() => {
    ledger.importSpool();
    if (source === 'api') forgetWebHistory(ledger, start);
    const counts = new Map<string, number>();
    for (const spending of spendings) {
      const key = keyOf(spending, source, counts);
      const time = Date.parse(spending.time);
      const points = spending.points === 0 && end - time < settlingMs ? null : spending.points * sign;
      if (!updateMessage(ledger, key, points, spending)) insertCharge(ledger, key, time, points, spending);
    }
    match(ledger, start - settlingMs);
    const known = knownHistory(ledger, source);
    const isJoined = known !== undefined && known.end >= start;
    database.run('REPLACE INTO history (site, start, end) VALUES (?, ?, ?)', [
      nameOf(site, source),
      isJoined ? Math.min(known.start, start) : start,
      end,
    ]);
  });
}

/** One query may have several charges: they are counted from the newest one, which is always read. */
function keyOf({queryId}: Spending, source: HistorySource, counts: Map<string, number>): string {
  const count = counts.get(queryId) ?? 0;
  counts.set(queryId, count + 1);
  return `${source === 'api' ? 'poe' : 'web'}:${count}:${queryId}`;
}

/** Removes the charges that a browser session has shown since a time: an API key shows the same ones. */
function forgetWebHistory({database, site}: LedgerDatabase, start: number): void {
  const unmatch = "UPDATE charges SET poe_key = NULL WHERE site = ? AND time >= ? AND poe_key LIKE 'web:%'";
  database.run(unmatch, [site, start - settlingMs]);
  database.run("DELETE FROM charges WHERE site = ? AND time >= ? AND key LIKE 'web:%'", [site, start]);
}

/** Updates the message that a charge was matched with before. @returns whether there is one */
function updateMessage({database}: LedgerDatabase, key: string, points: number | null, {usd}: Spending): boolean {
  const sql = `UPDATE charges SET points = coalesce(?, points), usd = coalesce(?, usd),
    is_estimate = CASE WHEN ? IS NULL THEN is_estimate ELSE 0 END WHERE poe_key = ?`;
  return database.run(sql, [points, usd, points, key]) > 0;
}

function insertCharge(
  {database, site}: LedgerDatabase,
  key: string,
  time: number,
  points: number | null,
  {bot, type, chat, canvas, key: apiKey, tokens: {input, output, cached}, usd}: Spending,
): void {
  database.run(
    `INSERT INTO charges (key, site, time, bot, type, chat, canvas, api_key, input, output, cached, points, usd, is_estimate)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)
     ON CONFLICT (key) DO UPDATE SET points = coalesce(excluded.points, points), usd = coalesce(excluded.usd, usd)`,
    [key, site, time, bot, type, chat, canvas, apiKey, input, output, cached, points, usd],
  );
}

/** Finds the charges of messages since a time, and makes one row of both. */
function match({database, site}: LedgerDatabase, since: number): void {
  const select = 'SELECT key, time, bot, type, chat FROM charges WHERE site = ? AND time >= ?';
  const messages = database.all(Row, `${select} AND sent_at IS NOT NULL AND poe_key IS NULL`, [site, since]);
  if (messages.length === 0) return;
  const charges = database.all(Row, `${select} AND sent_at IS NULL`, [site, since]);
  for (const {message, charge} of matchCharges(messages, charges)) {
    database.run(
      `UPDATE charges SET poe_key = c.key, points = coalesce(c.points, charges.points), usd = c.usd,
         is_estimate = CASE WHEN c.points IS NULL THEN charges.is_estimate ELSE 0 END, type = coalesce(c.type, charges.type),
         chat = coalesce(c.chat, charges.chat), canvas = c.canvas, api_key = c.api_key,
         input = coalesce(c.input, charges.input), output = coalesce(c.output, charges.output),
         cached = coalesce(c.cached, charges.cached)
       FROM charges AS c WHERE charges.key = ? AND c.key = ?`,
      [message, charge],
    );
    database.run('DELETE FROM charges WHERE key = ?', [charge]);
  }
}
