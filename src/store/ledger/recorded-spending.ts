import * as v from 'valibot';
import type {RecordedSpending} from '../../core/spending/recorded-spending.js';
import type {LedgerDatabase} from './ledger-database.js';

const text = v.nullable(v.string());
const number = v.nullable(v.number());
const Row = v.object({
  key: v.string(),
  poe_key: text,
  time: v.number(),
  via: v.nullable(v.picklist(['web', 'api'])),
  bot: v.string(),
  type: text,
  chat: text,
  chat_code: text,
  canvas: text,
  api_key: text,
  client: text,
  input: number,
  output: number,
  cached: number,
  points: number,
  usd: number,
  is_estimate: v.number(),
});

/** The charges since a time in milliseconds since 1970, newest first. */
export const recordedSince = ({database, site}: LedgerDatabase, start: number): RecordedSpending[] =>
  database
    .all(Row, 'SELECT * FROM charges WHERE site = ? AND time >= ? ORDER BY time DESC, id DESC', [site, start])
    .map(({input, output, cached, ...row}) => ({
      time: new Date(row.time).toISOString(),
      bot: row.bot,
      points: row.points,
      usd: row.usd,
      type: row.type,
      chat: row.chat,
      canvas: row.canvas,
      key: row.api_key,
      client: row.client,
      tokens: {input, output, cached},
      queryId: queryIdOf(row.poe_key ?? row.key),
      via: row.via,
      chatCode: row.chat_code,
      isEstimate: row.is_estimate !== 0,
    }));

const Sum = v.object({bot: v.string(), month: v.string(), points: v.number()});

/** What replies cost since a time, by bot and local month. */
export const pointsSince = ({database, site}: LedgerDatabase, start: number): v.InferOutput<typeof Sum>[] =>
  database.all(
    Sum,
    `SELECT min(bot) AS bot, strftime('%Y-%m', time / 1000, 'unixepoch', 'localtime') AS month, sum(points) AS points
     FROM charges WHERE site = ? AND time >= ? AND points IS NOT NULL GROUP BY lower(bot), 2`,
    [site, start],
  );

/** The keys of charges from Poe's history end with their query. */
const queryIdOf = (key: string): string | null => /^(?:poe|web):\d+:(.*)$/s.exec(key)?.[1] ?? null;

const Code = v.object({key: v.string(), message_code: v.string()});

/** The newest replies on poe.com whose cost is not known. */
export const unknownCosts = ({database, site}: LedgerDatabase, limit: number): {key: string; messageCode: string}[] =>
  database
    .all(
      Code,
      `SELECT key, message_code FROM charges
       WHERE site = ? AND via = 'web' AND message_code IS NOT NULL AND (points IS NULL OR is_estimate) ORDER BY time DESC LIMIT ?`,
      [site, limit],
    )
    .map(({key, message_code}) => ({key, messageCode: message_code}));

/** Sets the cost of a reply that Poe has reported since. */
export function setCost({database}: LedgerDatabase, key: string, points: number): void {
  database.run('UPDATE charges SET points = ?, is_estimate = 0 WHERE key = ?', [points, key]);
}
