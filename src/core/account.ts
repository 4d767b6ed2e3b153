import type {Settings} from './model.js';
import type {Id} from './names/id.js';

/** The owner of the account. */
export interface Identity {
  method: 'web' | 'api-key';
  /** Null with an API key: the API does not send it. */
  uid: Id | null;
  email: string | null;
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
  nextDailyGrant: PointGrant;
  nextMonthlyGrant: PointGrant;
  email: string | null;
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
  /** The bot's handle. */
  bot: string;
  points: number;
  usd: number | null;
  /** Such as `API` or `Chat`. */
  type: string | null;
  /** The chat's title. */
  chat: string | null;
  /** The name of the API key. */
  key: string | null;
  queryId: string;
}

export type UsageBy = 'bot' | 'day' | 'key';

/** The charges of one bot, day or API key. */
export interface UsageSum {
  /** The bot's handle, the day (`2026-04-01`, local time) or the key's name; null for charges without an API key. */
  name: string | null;
  points: number;
  /** Null if Poe shows none of the charges in dollars. */
  usd: number | null;
  /** Number of charges. */
  count: number;
}

/** A point in time, or a duration before now by Poe's clock. */
export type Since = Date | {agoMs: number};
