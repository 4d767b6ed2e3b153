import * as v from 'valibot';
import type {Database} from '../database/database.js';

export interface ChatStatistics {
  /** A bot, or a month: `2026-04`. Empty if it is not known. */
  name: string;
  chats: number;
  messages: number;
  words: number;
}

const Row = v.object({name: v.string(), chats: v.number(), messages: v.number(), words: v.number()});

/**
 * Counts messages by the bot of their chat, most first, or by month in UTC, newest first.
 * @param since only messages since then, ISO 8601
 */
export function statisticsBy(database: Database, by: 'bot' | 'month', since?: string): ChatStatistics[] {
  const name = by === 'bot' ? "coalesce(m.bot, c.bot, '')" : "coalesce(substr(m.time, 1, 7), '')";
  return database.all(
    Row,
    `SELECT ${name} AS name, count(DISTINCT m.chat) AS chats, count(*) AS messages, sum(m.words) AS words
     FROM messages m JOIN chats c ON c.id = m.chat WHERE m.role <> 'break' AND coalesce(m.time, '') >= ?
     GROUP BY 1 ORDER BY ${by === 'bot' ? 'messages DESC, name' : 'name DESC'}`,
    [since ?? ''],
  );
}
