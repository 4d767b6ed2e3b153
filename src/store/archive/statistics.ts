import * as v from 'valibot';
import type {ArchiveStatistics} from '../../core/archive/archive-store.js';
import type {Database} from '../database/database.js';

/** Months begin as for the user, as dates in options do. */
const month = "strftime('%Y-%m', m.time, 'localtime')";

const Row = v.object({name: v.string(), chats: v.number(), messages: v.number(), words: v.number()});

/**
 * Counts messages by the bot of their chat, most first, or by local month, newest first.
 * @param since only messages since then, ISO 8601
 */
export function statisticsBy(database: Database, by: 'bot' | 'month', since?: string): ArchiveStatistics[] {
  const name = by === 'bot' ? "coalesce(m.bot, c.bot, '')" : `coalesce(${month}, '')`;
  return database.all(
    Row,
    `SELECT ${name} AS name, count(DISTINCT m.chat) AS chats, count(*) AS messages, sum(m.words) AS words
     FROM messages m JOIN chats c ON c.id = m.chat WHERE m.role <> 'break' AND coalesce(m.time, '') >= ?
     GROUP BY 1 ORDER BY ${by === 'bot' ? 'messages DESC, name' : 'name DESC'}`,
    [since ?? ''],
  );
}

/** What replies of a bot cost in a month. */
export interface BotPoints {
  /** Empty if it is not known. */
  bot: string;
  /** `2026-04`; empty if it is not known. */
  month: string;
  points: number;
}

const Points = v.object({bot: v.string(), month: v.string(), points: v.number()});

/** What Poe says that replies cost, by bot and local month. @param since ISO 8601 */
export function pointsByBotAndMonth(database: Database, since?: string): BotPoints[] {
  return database.all(
    Points,
    `SELECT coalesce(m.bot, c.bot, '') AS bot, coalesce(${month}, '') AS month, sum(m.points) AS points
     FROM messages m JOIN chats c ON c.id = m.chat WHERE m.points IS NOT NULL AND coalesce(m.time, '') >= ? GROUP BY 1, 2`,
    [since ?? ''],
  );
}

export interface Counts {
  chats: number;
  /** The chats that are no longer on Poe. */
  deleted: number;
  messages: number;
}

const CountsRow = v.object({chats: v.number(), deleted: v.number(), messages: v.number()});

/** How many chats and messages have been copied. */
export const countsOf = (database: Database): Counts =>
  database.first(
    CountsRow,
    `SELECT count(*) AS chats, count(deleted) AS deleted, (SELECT count(*) FROM messages) AS messages
     FROM chats WHERE copied IS NOT NULL`,
  ) ?? {chats: 0, deleted: 0, messages: 0};
