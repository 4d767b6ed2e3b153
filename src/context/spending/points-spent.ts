import type {BotPoints} from '../../store/archive/statistics.js';
import type {FileLedger} from '../../store/ledger/file-ledger.js';

/**
 * What replies cost, by bot and month. The archive has what Poe sends with messages, the ledger what poe has recorded and Poe's points
 * history. Both may know the same replies, so that the greater sum counts: it may be too small, but is never too large.
 */
export async function pointsSpent(
  archived: readonly BotPoints[],
  ledger: FileLedger | undefined,
  since: Date | undefined,
): Promise<BotPoints[]> {
  const recorded = await recordedPoints(ledger, since);
  const sums = new Map<string, BotPoints>();
  for (const each of [...archived, ...recorded]) {
    const key = `${each.month} ${each.bot.toLowerCase()}`;
    const {points} = sums.get(key) ?? {points: 0};
    sums.set(key, {...each, points: Math.max(points, each.points)});
  }
  return [...sums.values()];
}

async function recordedPoints(ledger: FileLedger | undefined, since: Date | undefined): Promise<BotPoints[]> {
  if (!ledger || ledger.isEmpty) return [];
  const [{pointsSince}, database] = await Promise.all([
    import('../../store/ledger/recorded-spending.js'),
    ledger.database(),
  ]);
  database.importSpool();
  return pointsSince(database, since?.getTime() ?? 0);
}
