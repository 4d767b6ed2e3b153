import * as v from 'valibot';
import type {ArchivedChat, ArchivedMessage} from '../../core/archive/archive-store.js';
import {isContextBreak, isUserMessage} from '../../core/message.js';
import type {Chat, Citation, Message} from '../../core/model.js';

const Json = v.pipe(v.string(), v.parseJson());
const text = v.nullable(v.string());

/** The columns of a message that make it whole, and its ID in the archive. */
export const MessageRow = v.object({
  id: v.number(),
  text: v.string(),
  data: Json,
  citations: v.nullable(Json),
  deleted: text,
});

export const HitRow = v.object({...MessageRow.entries, chat: Json, chatDeleted: text});

export const ChatRow = v.object({id: v.number(), data: Json, deleted: text});

/** poe wrote the JSON, so that it needs no check. */
export function toMessage({text, data, citations, deleted}: v.InferOutput<typeof MessageRow>): ArchivedMessage {
  const message = {...(data as Omit<Message, 'text'>), text, deleted};
  return citations === null ? message : {...message, citations: citations as Citation[]};
}

/** As `toMessage`. */
export const toChat = ({data, deleted}: v.InferOutput<typeof ChatRow>): ArchivedChat => ({...(data as Chat), deleted});

/** The columns with a message. */
export function columnsOf(message: Message): {text: string; data: string} {
  // JSON leaves out fields that are undefined. To copy the others by themselves takes three times as long.
  const others: Partial<Record<keyof Message, unknown>> = {...message};
  others.text = undefined;
  others.citations = undefined;
  return {text: message.text, data: JSON.stringify(others)};
}

/** The code of a chat, or its number if it has none. */
export const keyOf = ({chatCode, chatId}: Chat): string => chatCode ?? String(chatId);

export function roleOf(message: Message): 'user' | 'bot' | 'break' {
  if (isContextBreak(message)) return 'break';
  return isUserMessage(message) ? 'user' : 'bot';
}

export const botOf = (message: Message): string | null => message.bot?.handle ?? message.bot?.displayName ?? null;

/** The number of runs of letters and digits. Most characters are ASCII, for which a loop is several times as fast as a pattern. */
export function countWords(text: string): number {
  let count = 0;
  let wasInWord = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    let isInWord = (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122);
    if (code > 127) {
      wordPart.lastIndex = index;
      isInWord = wordPart.test(text);
      if (isInWord) index = wordPart.lastIndex - 1;
    }
    if (isInWord && !wasInWord) count++;
    wasInWord = isInWord;
  }
  return count;
}

const wordPart = /[\p{L}\p{N}]+/uy;
