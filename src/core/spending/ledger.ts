import type {Backend} from '../errors.js';
import type {CallOptions} from '../options.js';
import type {ReplyState, TokenUsage} from '../reply.js';
import type {Price} from './price.js';

/**
 * Counts what messages cost, and refuses those that the budget does not allow. A program may use several clients with one ledger, and
 * several programs may share one.
 */
export interface Ledger {
  readonly budget: Budget;
  /** The budget of a program, or the one of the profile if that leaves fewer points; null if there is neither. */
  budgetOf(client: LedgerClient): Promise<BudgetStatus | null>;
  /**
   * Sets points aside for a message, before it is sent.
   * @throws PoeError `over_budget`
   */
  reserve(message: PlannedMessage, options?: CallOptions): Promise<Reservation>;
}

/** A message that is about to be sent. */
export interface PlannedMessage {
  via: Backend;
  /** The bot's handle. */
  bot: string;
  /** Finds out what the message will cost. Called only if there is a budget, because it may take a request. */
  price: () => Promise<Price>;
  /** Estimates the points of a reply from its tokens; null if they or the prices are not known. */
  costOf?: (usage: TokenUsage | null) => number | null;
  /** The program that the message is sent for; missing if that is poe itself. */
  client?: LedgerClient | undefined;
}

/** A program with its own budget, besides the one of the profile. */
export interface LedgerClient {
  /** Its charges are recorded with this name. */
  name: string;
  budget: BudgetLimit | null;
}

/** Points that are set aside for a message. One of its methods ends it; later calls change the charge. They never throw. */
export interface Reservation {
  /** The reply has ended, perhaps early; what it cost is not yet known. @param reply missing if nothing of it arrived */
  settle(reply?: SettledReply): void;
  /** What the reply has cost is known, perhaps long after its end. */
  charge(reply: SettledReply, points: number): void;
  /** Nothing was charged: the message was not sent. */
  release(): void;
}

/** What is recorded of a reply. */
export type SettledReply = Pick<ReplyState, 'usage'> & Partial<Pick<ReplyState, 'bot' | 'chat' | 'botMessage'>>;

/** The points that may be spent in a day or a month. */
export interface Budget {
  /** Null if there is no budget. */
  get(options?: CallOptions): Promise<BudgetStatus | null>;
  /** @throws PoeError `usage` if the points are not a positive whole number */
  set(budget: BudgetLimit, options?: CallOptions): Promise<BudgetStatus>;
  clear(): Promise<void>;
}

export interface BudgetLimit {
  /** Points. */
  limit: number;
  period: BudgetPeriod;
}

/** A day or a month by the local calendar. */
export type BudgetPeriod = 'day' | 'month';

export interface BudgetStatus extends BudgetLimit {
  /** Points spent in this period, including those that are set aside. Costs that Poe has not reported are estimated. */
  spent: number;
  left: number;
  /** When the next period begins, ISO 8601. */
  resetsAt: string;
}
