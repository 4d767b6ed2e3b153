import type {Spending} from '../account.js';

/** A charge in the ledger: from Poe's history, recorded by poe, or both. */
export interface RecordedSpending extends Omit<Spending, 'points' | 'queryId'> {
  /** Null if the cost is not known. */
  points: number | null;
  /** Whether the points are computed from an estimated number of tokens. */
  isEstimate: boolean;
  /** How poe sent the message; null if another program did, or the site. */
  via: 'web' | 'api' | null;
  chatCode: string | null;
  /** The program that poe sent it for; null for messages of poe itself. */
  client: string | null;
  /** Poe's ID of the charge; null if its history does not have it. */
  queryId: string | null;
}
