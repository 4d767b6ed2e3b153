import type {ChatFiles} from './chat-files.js';
import {type LocalChat, parseChatLog} from './chat-log.js';

/** How much later than its file a message may be: the clock of a network drive may be slow, and some file systems round. */
const toleranceMs = 3_600_000;

/**
 * Chats with messages, newest first. Reads a chat only when it may be the next one: a file is not older than its newest message. It may
 * be newer, for example after a new title.
 * @throws PoeError `store`
 */
export async function* newestFirst(
  files: Pick<ChatFiles, 'codes' | 'read' | 'changedTime'>,
): AsyncGenerator<LocalChat, void, undefined> {
  const unread = [];
  for (const code of await files.codes()) unread.push({code, time: (await files.changedTime?.(code)) ?? Infinity});
  let waiting: {local: LocalChat; time: number}[] = [];
  let newest = -Infinity;
  for (const {code, time: changed} of unread.toSorted((a, b) => compare(a.time, b.time))) {
    // Chats that are newer than all that have not been read.
    if (newest > changed + toleranceMs) {
      waiting.sort((a, b) => compare(a.time, b.time));
      const end = waiting.findIndex(({time}) => time <= changed + toleranceMs);
      const next = waiting.slice(0, end === -1 ? waiting.length : end);
      waiting = waiting.slice(next.length);
      newest = waiting[0]?.time ?? -Infinity;
      for (const {local} of next) yield local;
    }
    const local = parseChatLog(code, (await files.read(code)) ?? '');
    if (!local || local.messages.length === 0) continue;
    const time = timeOf(local);
    newest = Math.max(newest, time);
    waiting.push({local, time});
  }
  for (const {local} of waiting.toSorted((a, b) => compare(a.time, b.time))) yield local;
}

/** Newest first. */
const compare = (one: number, other: number): number => (one === other ? 0 : other > one ? 1 : -1);

function timeOf({chat}: LocalChat): number {
  const time = Date.parse(chat.lastInteractionTime ?? '');
  return Number.isNaN(time) ? -Infinity : time;
}
