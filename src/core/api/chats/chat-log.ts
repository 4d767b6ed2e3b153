import {randomInt} from 'node:crypto';
import * as v from 'valibot';
import type {Chat, Message} from '../../model.js';
import {localId, localChatId} from '../../local-code.js';
import {collectAttachments, StoredFile, toAttachment} from './stored-files.js';

/* A local chat is a journal: lines of JSON that are only ever added to. What it says is read from first to last. */

const Entry = v.variant('type', [
  v.object({type: v.literal('chat'), bot: v.string(), time: v.string()}),
  v.object({
    type: v.literal('message'),
    messageId: v.number(),
    author: v.picklist(['human', 'bot']),
    bot: v.nullable(v.string()),
    text: v.string(),
    state: v.string(),
    time: v.string(),
    /** The message that this one stands in for, since it was written anew; itself where it was kept before it was whole. */
    replaces: v.optional(v.number()),
    attachments: v.optional(v.array(StoredFile)),
    suggestedReplies: v.optional(v.array(v.string())),
  }),
  /** What was kept of a message goes on like this. */
  v.object({type: v.literal('more'), messageId: v.number(), text: v.string()}),
  v.object({type: v.literal('title'), title: v.string()}),
  v.object({type: v.literal('break'), time: v.string()}),
  v.object({type: v.literal('delete'), messageIds: v.array(v.number())}),
]);
export type Entry = v.InferOutput<typeof Entry>;
export type StoredMessage = Extract<Entry, {type: 'message'}>;

/** A local chat as its journal tells it. */
export interface LocalChat {
  chat: Chat;
  /** Oldest first. */
  said: StoredMessage[];
  /** Those that the bot is still to know. */
  remembered: StoredMessage[];
}

/** A number that no other chat or message has: 15 digits, of which there are many. */
export const newId = (): number => randomInt(1e14, 1e14 + 2 ** 47);

export const toLine = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

/** Reads a journal; lines that were cut short or come from a later version are passed over. */
export function parseChatLog(code: string, text: string): LocalChat | undefined {
  const chatId = localChatId(code);
  if (chatId === undefined) return undefined;
  const chat: Chat = {id: localId(chatId), chatId, chatCode: code, title: null, bot: null, lastInteractionTime: null};
  let said: StoredMessage[] = [];
  let remembered: StoredMessage[] = [];
  for (const entry of entriesOf(text)) {
    switch (entry.type) {
      case 'chat':
        chat.bot = entry.bot;
        chat.lastInteractionTime = entry.time;
        break;
      case 'title':
        chat.title = entry.title;
        break;
      case 'break':
        remembered = [];
        break;
      case 'message':
        chat.lastInteractionTime = entry.time;
        chat.bot = entry.bot ?? chat.bot;
        said = withMessage(said, entry);
        remembered = withMessage(remembered, entry);
        break;
      case 'more':
        said = withMore(said, entry);
        remembered = withMore(remembered, entry);
        break;
      case 'delete':
        said = without(said, entry.messageIds);
        remembered = without(remembered, entry.messageIds);
    }
  }
  chat.title ??= titleFrom(said[0]?.text);
  return {chat, said, remembered};
}

const without = (said: readonly StoredMessage[], messageIds: readonly (number | undefined)[]): StoredMessage[] =>
  said.filter(({messageId}) => !messageIds.includes(messageId));

/** One that was kept before it was whole keeps its place; where it was deleted meanwhile, it stays so. */
function withMessage(said: readonly StoredMessage[], entry: StoredMessage): StoredMessage[] {
  if (entry.replaces !== entry.messageId) return [...without(said, [entry.replaces]), entry];
  return said.map((each) => (each.messageId === entry.messageId ? entry : each));
}

const withMore = (said: readonly StoredMessage[], {messageId, text}: Extract<Entry, {type: 'more'}>): StoredMessage[] =>
  said.map((each) => (each.messageId === messageId ? {...each, text: each.text + text} : each));

/** What a chat is called until it is given a title: the beginning of its first message. */
export function titleFrom(text: string | undefined): string | null {
  const line = text?.replaceAll(/\s+/g, ' ').trim();
  if (!line) return null;
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function entriesOf(text: string): Entry[] {
  return text.split('\n').flatMap((line): Entry[] => {
    try {
      const parsed = v.safeParse(Entry, JSON.parse(line));
      return parsed.success ? [parsed.output] : [];
    } catch {
      return [];
    }
  });
}

/** As other messages of Poe are shown. */
export const messageOf = ({
  messageId,
  author,
  bot,
  text,
  state,
  time,
  attachments = [],
  suggestedReplies = [],
}: StoredMessage): Message => ({
  id: localId(messageId),
  messageId,
  messageCode: null,
  creationTime: time,
  text,
  state,
  messageStateText: null,
  author: author === 'human' ? 'human' : bot,
  authorUser: null,
  clientNonce: null,
  bot: author === 'human' || bot === null ? null : {id: null, botId: null, handle: bot, displayName: null},
  attachments: author === 'bot' ? collectAttachments(attachments, text) : attachments.map(toAttachment),
  suggestedReplies,
});
