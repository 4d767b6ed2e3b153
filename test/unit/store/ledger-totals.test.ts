import {join} from 'node:path';
import * as v from 'valibot';
import {expect, test} from 'vitest';
import type {Charge} from '../../../src/store/ledger/charge.js';
import {LedgerDatabase} from '../../../src/store/ledger/ledger-database.js';
import {addHistory} from '../../../src/store/ledger/poe-history.js';
import {setCost} from '../../../src/store/ledger/recorded-spending.js';
import {ledgerMigrations} from '../../../src/store/ledger/schema.js';
import {Database} from '../../../src/store/database/database.js';
import {temporaryFolder} from '../../support/harness.js';

/* A budget is checked with totals, which must stay the sums of the charges. */

const site = 'https://poe.com';
const limit = {limit: 1000, period: 'month'} as const;
const onDamaged = () => expect.unreachable();

function charge(id: string, points: number | null, client: string | null = null): Charge {
  const now = Date.now();
  const more = {chat: null, chatCode: null, messageCode: null, input: null, output: null, cached: null};
  return {id, sentAt: now, time: now, site, via: 'api', bot: 'Bot', points, isEstimate: false, client, ...more};
}

/** The sums of the charges by client. */
const sums = ({database}: LedgerDatabase) =>
  database.all(
    v.object({client: v.nullable(v.string()), points: v.number()}),
    'SELECT client, round(sum(points), 6) AS points FROM charges WHERE sent_at IS NOT NULL AND points IS NOT NULL GROUP BY client',
  );

test('the totals of a ledger are the sums of its charges, also of those that were there before the totals', async () => {
  const folder = temporaryFolder();
  const old = await Database.open({
    path: join(folder, 'ledger.db'),
    migrations: ledgerMigrations.slice(0, 2),
    onDamaged,
  });
  const insert =
    'INSERT INTO charges (key, site, time, sent_at, bot, points, is_estimate, client) VALUES (?, ?, ?, ?, ?, ?, 0, ?)';
  const now = Date.now();
  old.run(insert, ['old-1', site, now, now, 'Bot', 1.5, null]);
  old.run(insert, ['old-2', site, now, now, 'Bot', 2, 'editor']);
  old.run(insert, ['old-3', site, now, now, 'Bot', null, 'editor']);
  old.run(insert, ['other program', site, now, null, 'Bot', 70, null]);
  old.close();

  const ledger = await LedgerDatabase.open({folder, site, onDamaged});
  expect(ledger.status(limit)).toMatchObject({spent: 3.5});
  ledger.add(charge('new-1', 0.1));
  ledger.add(charge('new-1', 0.2));
  ledger.add(charge('new-2', null));
  setCost(ledger, 'new-2', 5);
  ledger.add(charge('new-3', 4, 'editor'));
  const time = new Date(now).toISOString();
  const tokens = {input: null, output: null, cached: null};
  const spending = {time, bot: 'Bot', points: 9, usd: null, type: 'API', chat: null, canvas: null, key: null, tokens};
  addHistory(ledger, [{...spending, queryId: 'q'}], {start: now - 1000, end: now + 1000});
  expect(sums(ledger)).toEqual(ledger.spentSince(now - 86_400_000));
  const spent = sums(ledger).reduce((sum, {points}) => sum + points, 0);
  expect(spent).toBeGreaterThan(12);
  expect(ledger.status(limit)).toMatchObject({spent});
  ledger.database.run('DELETE FROM charges WHERE key = ?', ['new-3']);
  expect(sums(ledger)).toEqual(ledger.spentSince(now - 86_400_000));
  ledger.close();
});
