import type {Settings} from './model.js';
import type {Id} from './names/id.js';

/** The owner of the account. */
export interface Identity {
  method: 'web' | 'api-key';
  uid: Id | null;
  email: string | null;
  /** The handle and the name that other people see. Null if Poe does not send them; missing with a browser session. */
  handle?: string | null;
  name?: string | null;
}

/** The settings of an account as far as the API has them: its points, and the default bot chosen on this machine. */
export interface ApiSettings extends Balance {
  defaultBot: {displayName: string; botId: null; id: null} | null;
  messagePointInfo: NonNullable<Settings['messagePointInfo']>;
}

/** The cost of a reply. */
export interface Cost {
  /** Null if Poe has not reported the cost. */
  points: number | null;
  /** The API does not link replies to charges: the points are those of the charge closest in time. */
  isEstimate: boolean;
}

/** The points of an account. Values that Poe does not send are null. */
export interface Balance {
  points: number;
  planPoints: number | null;
  addonPoints: number | null;
  usd: number | null;
  planUsd: number | null;
  addonUsd: number | null;
  /** When the current points were granted, ISO 8601. */
  cycleStartTime: string | null;
  nextDailyGrant: PointGrant;
  nextMonthlyGrant: PointGrant;
  /** Whether Poe buys points by itself, with real money; null if it does not say. */
  autoRecharge: AutoRecharge | null;
  email: string | null;
}

/** Points that Poe buys when few are left. Values that Poe does not send are null. */
export interface AutoRecharge {
  isOn: boolean;
  status: string | null;
  /** Poe buys points when fewer than these are left. */
  thresholdPoints: number | null;
  thresholdUsd: number | null;
  refillPoints: number | null;
  refillUsd: number | null;
  /** ISO 8601; null if none has failed. */
  lastFailureTime: string | null;
}

export interface PointGrant {
  /** ISO 8601. */
  time: string | null;
  points: number | null;
}

/** One charge of points. */
export interface Spending {
  /** ISO 8601. */
  time: string;
  /** The bot's handle; with a browser session its display name. */
  bot: string;
  points: number;
  usd: number | null;
  /** Such as `API` or `Chat`. */
  type: string | null;
  /** The chat's title. */
  chat: string | null;
  /** The name of an app that was made on Poe, for the type `Canvas App`. */
  canvas: string | null;
  /** The name of the API key. */
  key: string | null;
  /** Tokens, as far as Poe shows them. */
  tokens: {input: number | null; output: number | null; cached: number | null};
  queryId: string;
}

export type UsageBy = 'bot' | 'day' | 'month' | 'chat' | 'key';

/** The charges of one bot, day, month, chat or API key. */
export interface UsageSum {
  /**
   * The bot's handle, the day or month (`2026-04-01`, `2026-04`, local time), the chat's title or the key's name; null for charges
   * without a chat or an API key.
   */
  name: string | null;
  points: number;
  /** Null if Poe shows none of the charges in dollars. */
  usd: number | null;
  /** Number of charges. */
  count: number;
}

/** A point in time, or a duration before now by Poe's clock. */
export type Since = Date | {agoMs: number};
