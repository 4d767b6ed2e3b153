import type {Backend} from '../core/errors.js';
import type {BudgetLimit} from '../core/spending/ledger.js';

/** What a server is doing. It has no secrets. */
export interface ServerStatus {
  url: string;
  via: Backend;
  /** ISO 8601. */
  startedTime: string;
  /** Of all programs since the server started. */
  requests: {active: number; total: number};
  points: {
    /** Points that the profile has spent today, with all programs; null if that is not known. */
    today: number | null;
  };
  clients: ClientStatus[];
}

export interface ClientStatus {
  /** The name of its token. */
  name: string;
  /** Requests since the server started. */
  requests: {active: number; total: number};
  /** When its last request began or ended, ISO 8601; null if it has sent none since the server started. */
  lastTime: string | null;
  budget: BudgetLimit | null;
  points: {today: number | null};
}

/** Points spent today by one program; null is poe itself. */
export interface ClientSpending {
  client: string | null;
  points: number;
}
