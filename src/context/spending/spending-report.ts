import type {Since, Spending} from '../../core/account.js';
import type {Client} from '../../core/client.js';
import {PoeError} from '../../core/errors.js';
import type {FileLedger} from '../../store/ledger/file-ledger.js';
import type {LedgerDatabase} from '../../store/ledger/ledger-database.js';
import type {RecordedSpending} from '../../core/spending/recorded-spending.js';

/** How far back Poe's history goes. */
const poeHistoryMs = 30 * 86_400_000;
/** How many costs are requested from poe.com at once, one request each. */
const maxCosts = 20;

interface ReportDeps {
  client: Pick<Client, 'account' | 'messages'>;
  /** Undefined if nothing is stored. */
  ledger: FileLedger | undefined;
  has: (backend: 'web' | 'api') => Promise<boolean>;
  note: (text: string) => void;
}

export interface ReportOptions {
  /** Default: 30 days ago, or everything if `isWhole`. */
  since?: Since | undefined;
  isWhole?: boolean;
  /** Whether what poe has recorded is enough, so that no API key is needed. */
  isLocal?: boolean;
  signal?: AbortSignal;
}

/**
 * The charges since a time, newest first: those of Poe's history, and those that poe has recorded, also from before the 30 days that Poe
 * shows. Without an API key, only the latter.
 * @throws PoeError `not_logged_in` without an API key if poe has recorded nothing, unless `isLocal`
 */
export async function spendingReport(deps: ReportDeps, options: ReportOptions): Promise<RecordedSpending[]> {
  const {client, note} = deps;
  const {since, isWhole = false, isLocal = false, signal} = options;
  const hasKey = await deps.has('api');
  const database = await openLedger(deps, hasKey);
  if (!database) return isLocal && !hasKey ? [] : fromPoe(client, options);
  const {addHistory, missingSince} = await import('../../store/ledger/poe-history.js');
  const {recordedSince} = await import('../../store/ledger/recorded-spending.js');
  database.database.transaction(() => database.importSpool());
  if (hasKey) {
    const wanted = Math.max(startOf(since, Date.now()), Date.now() - poeHistoryMs);
    const from = missingSince(database, wanted);
    // A duration is counted by Poe's clock, which is known only after the first response.
    const asked = from === wanted ? since : new Date(from);
    const spendings: Spending[] = [];
    for await (const spending of client.account.spendings({since: asked, signal})) spendings.push(spending);
    const now = client.account.now?.() ?? Date.now();
    const start = from === wanted ? Math.max(startOf(since, now), now - poeHistoryMs) : from;
    addHistory(database, spendings, {start, end: now});
  }
  if (await deps.has('web')) await updateCosts(client, database, signal);
  const now = client.account.now?.() ?? Date.now();
  const recorded = recordedSince(database, since === undefined && isWhole ? 0 : startOf(since, now));
  // The error says what is needed.
  if (!hasKey && !isLocal && recorded.length === 0) return fromPoe(client, options);
  if (!hasKey) note('Without an API key, only messages that poe sent from this machine are shown.');
  return recorded;
}

async function openLedger({ledger, note}: ReportDeps, hasKey: boolean): Promise<LedgerDatabase | undefined> {
  try {
    return await ledger?.database();
  } catch (error) {
    if (!hasKey || !(error instanceof PoeError)) throw error;
    note(`Only Poe's history of 30 days is shown: ${error.message}`);
    return undefined;
  }
}

async function fromPoe({account}: ReportDeps['client'], {since, signal}: ReportOptions): Promise<RecordedSpending[]> {
  const spendings: RecordedSpending[] = [];
  for await (const spending of account.spendings({since, signal})) {
    spendings.push({...spending, via: null, chatCode: null, client: null, isEstimate: false});
  }
  return spendings;
}

const startOf = (since: Since | undefined, now: number): number =>
  since instanceof Date ? since.getTime() : now - (since?.agoMs ?? poeHistoryMs);

/** Asks poe.com for costs that were not known when a reply ended. A cost that cannot be had stays unknown. */
async function updateCosts(
  {messages}: ReportDeps['client'],
  database: LedgerDatabase,
  signal: AbortSignal | undefined,
): Promise<void> {
  const {setCost, unknownCosts} = await import('../../store/ledger/recorded-spending.js');
  for (const {key, messageCode} of unknownCosts(database, maxCosts)) {
    try {
      const {points} = await messages.cost(messageCode, {signal});
      if (points !== null) setCost(database, key, points);
    } catch (error) {
      if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
      if (error.code !== 'message_not_found') return;
    }
  }
}
