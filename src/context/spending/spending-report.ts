import type {Since, Spending} from '../../core/account.js';
import type {Client} from '../../core/client.js';
import {PoeError} from '../../core/errors.js';
import type {SpendingOptions} from '../../core/options.js';
import type {FileLedger} from '../../store/ledger/file-ledger.js';
import type {LedgerDatabase} from '../../store/ledger/ledger-database.js';
import type {HistorySource} from '../../store/ledger/poe-history.js';
import type {RecordedSpending} from '../../core/spending/recorded-spending.js';

/** How far back Poe's history goes. */
const poeHistoryMs = 30 * 86_400_000;
/** How many costs are requested from poe.com at once, one request each. */
const maxCosts = 20;

export interface ReportDeps {
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
 * shows.
 * @throws PoeError if Poe's history cannot be read and poe has recorded nothing, unless `isLocal`
 */
export async function spendingReport(deps: ReportDeps, options: ReportOptions): Promise<RecordedSpending[]> {
  const {client, note} = deps;
  const hasWeb = await deps.has('web');
  const source = (await deps.has('api')) ? 'api' : hasWeb ? 'web' : undefined;
  const {since, isWhole = false, isLocal = false, signal} = options;
  const database = await openLedger(deps, source !== undefined);
  if (!database) return isLocal && !source ? [] : fromPoe(deps, options);
  const {recordedSince} = await import('../../store/ledger/recorded-spending.js');
  database.database.transaction(() => database.importSpool());
  const failure = source && (await addPoeHistory(deps, database, {since, signal, source}));
  if (hasWeb) await updateCosts(client, database, signal);
  const now = client.account.now?.() ?? Date.now();
  const recorded = recordedSince(database, since === undefined && isWhole ? 0 : startOf(since, now));
  if (source && !failure) return recorded;
  // The error says what is needed.
  if (recorded.length === 0 && !isLocal) return failure ? Promise.reject(failure) : fromPoe(deps, options);
  if (failure) note(`Poe's points history could not be read: ${failure.message}`);
  note('Only messages that poe sent from this machine are shown.');
  return recorded;
}

/** Adds the charges since a time that an API key shows, if there is one. @param since milliseconds since 1970 @throws PoeError */
export async function addChargesOfKey(
  deps: Omit<ReportDeps, 'ledger'>,
  database: LedgerDatabase,
  since: number,
  signal: AbortSignal,
): Promise<void> {
  if (!(await deps.has('api'))) return;
  await addPoeHistory({...deps, note() {}}, database, {since: new Date(since), signal, source: 'api'});
}

/**
 * Adds the charges that the ledger does not have yet.
 * @returns why the session could not read them: not each version of poe.com has them
 * @throws PoeError
 */
async function addPoeHistory(
  deps: Omit<ReportDeps, 'ledger'>,
  database: LedgerDatabase,
  {since, signal, source}: {since: Since | undefined; signal: AbortSignal | undefined; source: HistorySource},
): Promise<PoeError | undefined> {
  const {addHistory, missingSince} = await import('../../store/ledger/poe-history.js');
  const wanted = Math.max(startOf(since, Date.now()), Date.now() - poeHistoryMs);
  const from = missingSince(database, wanted, source);
  // A duration is counted by Poe's clock, which is known only after the first response.
  const asked = from === wanted ? since : new Date(from);
  let spendings: Spending[];
  try {
    spendings = await readHistory(deps, {since: asked, signal});
  } catch (error) {
    const isMissing = error instanceof PoeError && ['refused', 'not_understood'].includes(error.code);
    if (source === 'web' && isMissing) return error;
    throw error;
  }
  const now = deps.client.account.now?.() ?? Date.now();
  const start = from === wanted ? Math.max(startOf(since, now), now - poeHistoryMs) : from;
  addHistory(database, spendings, {start, end: now, source});
  return undefined;
}

async function openLedger({ledger, note}: ReportDeps, hasHistory: boolean): Promise<LedgerDatabase | undefined> {
  try {
    const database = await ledger?.database();
    if (!database?.database.isReadOnly) return database;
    throw new PoeError('store', 'Could not write the ledger');
  } catch (error) {
    if (!hasHistory || !(error instanceof PoeError)) throw error;
    note(`Only Poe's history of 30 days is shown: ${error.message}`);
    return undefined;
  }
}

async function fromPoe(deps: ReportDeps, {since, signal}: ReportOptions): Promise<RecordedSpending[]> {
  const spendings = await readHistory(deps, {since, signal});
  return spendings.map((spending) =>
    Object.assign(spending, {via: null, chatCode: null, client: null, isEstimate: false}),
  );
}

/** Reads Poe's history, and notes how many of its entries cannot be read. @throws PoeError */
async function readHistory({client, note}: Omit<ReportDeps, 'ledger'>, options: SpendingOptions): Promise<Spending[]> {
  const spendings: Spending[] = [];
  let unreadable = 0;
  const onUnreadable = (count: number) => void (unreadable += count);
  for await (const spending of client.account.spendings({...options, onUnreadable})) spendings.push(spending);
  if (unreadable > 0) {
    const entries = unreadable === 1 ? '1 entry' : `${unreadable} entries`;
    note(`Skipped ${entries} of Poe's points history, because the format is unknown.`);
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
