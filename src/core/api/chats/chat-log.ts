import * as v from 'valibot';
import type {Chat, Message} from '../../model.js';
import {localId, localChatId} from '../../names/chat-ref.js';
import {ReplyBlock} from './reply-block.js';
import {collectAttachments, StoredFile, toAttachment} from './stored-files.js';

/* A local chat is a log of JSON lines. Lines are only added; reading them in order gives the chat. */

const SentWith = v.object({
  bot: v.string(),
  parameters: v.optional(v.record(v.string(), v.string())),
  effort: v.optional(v.picklist(['low', 'medium', 'high'])),
});
export type SentWith = v.InferOutput<typeof SentWith>;

const Entry = v.variant('type', [
  v.object({type: v.literal('chat'), bot: v.nullable(v.string()), time: v.string()}),
  v.object({
    type: v.literal('message'),
    messageId: v.number(),
    author: v.picklist(['human', 'bot']),
    bot: v.nullable(v.string()),
    text: v.string(),
    /** Only if it is not Markdown. */
    contentType: v.optional(v.string()),
    state: v.string(),
    time: v.string(),
    /** The message that this one replaces: an earlier reply, or itself as it was stored before it was complete. */
    replaces: v.optional(v.number()),
    attachments: v.optional(v.array(StoredFile)),
    suggestedReplies: v.optional(v.array(v.string())),
    /** Only if the text is not all that must be sent back to the bot. */
    blocks: v.optional(v.array(ReplyBlock)),
    /** The web pages that the bot cites. */
    sources: v.fallback(v.optional(v.array(v.object({url: v.string(), title: v.nullable(v.string())}))), undefined),
    /** The parameters of the bot that the message was sent with, as they were typed. */
    sentWith: v.fallback(v.optional(SentWith), undefined),
    /** The ID of the video that Poe makes, by which the rest of the reply is found. */
    jobId: v.optional(v.string()),
  }),
  /** Text to add to a message, and its state if that has changed. */
  v.object({type: v.literal('more'), messageId: v.number(), text: v.string(), state: v.optional(v.string())}),
  v.object({type: v.literal('title'), title: v.string()}),
  /** The instructions for the bot from here on. */
  v.object({type: v.literal('system'), text: v.string()}),
  /** The context was cleared. */
  v.object({type: v.literal('break'), time: v.string()}),
  v.object({type: v.literal('delete'), messageIds: v.array(v.number())}),
]);
export type Entry = v.InferOutput<typeof Entry>;
export type StoredMessage = Extract<Entry, {type: 'message'}>;

/** A local chat as its log describes it. */
export interface LocalChat {
  chat: Chat;
  /** Oldest first. */
  messages: StoredMessage[];
  /** The instructions for the bot. */
  system?: string;
  /** The messages that are sent to the bot: those since the context was last cleared. */
  context: StoredMessage[];
}

/** A random number of 15 digits, which no other chat or message has. */
export const newId = (): number => 1e14 + Math.floor(Math.random() * 2 ** 47);

export const toLine = (entry: Entry): string => `${JSON.stringify(entry)}\n`;

/**
 * Parses the log of a chat. Ignores lines that were cut off or that a later version wrote.
 * @returns undefined if `code` is not the code of a local chat
 */
export function parseChatLog(code: string, text: string): LocalChat | undefined {
  const chatId = localChatId(code);
  if (chatId === undefined) return undefined;
  const chat: Chat = {id: localId(chatId), chatId, chatCode: code, title: null, bot: null, lastInteractionTime: null};
  const messages: Messages = new Map();
  const context: Messages = new Map();
  let system: string | undefined;
  for (const entry of parseLines(text)) {
    switch (entry.type) {
      case 'chat':
        chat.bot = entry.bot;
        chat.lastInteractionTime = entry.time;
        break;
      case 'title':
        chat.title = entry.title;
        break;
      case 'system':
        system = entry.text;
        break;
      case 'break':
        context.clear();
        break;
      case 'message':
        chat.lastInteractionTime = entry.time;
        chat.bot = entry.bot ?? chat.bot;
        addMessage(messages, entry);
        addMessage(context, entry);
        break;
      case 'more':
        addText(messages, entry);
        addText(context, entry);
        break;
      case 'delete':
        for (const id of entry.messageIds) {
          messages.delete(id);
          context.delete(id);
        }
    }
  }
  const all = [...messages.values()];
  chat.title ??= titleFromText(all[0]?.text);
  return {chat, messages: all, ...(system && {system}), context: [...context.values()]};
}

/** Messages by their ID, oldest first. */
type Messages = Map<number, StoredMessage>;

function parseLines(text: string): Entry[] {
  return text.split('\n').flatMap((line): Entry[] => {
    try {
      const parsed = v.safeParse(Entry, JSON.parse(line));
      return parsed.success ? [parsed.output] : [];
    } catch {
      return [];
    }
  });
}

/** A message that replaces itself keeps its place, and stays deleted if the user deleted it meanwhile. */
function addMessage(messages: Messages, entry: StoredMessage): void {
  const {messageId, replaces} = entry;
  if (replaces === messageId && !messages.has(messageId)) return;
  if (replaces !== undefined && replaces !== messageId) messages.delete(replaces);
  messages.set(messageId, entry);
}

function addText(messages: Messages, {messageId, text, state}: Extract<Entry, {type: 'more'}>): void {
  const message = messages.get(messageId);
  if (message) messages.set(messageId, {...message, text: message.text + text, state: state ?? message.state});
}

/** The default title of a chat: the beginning of its first message. Null for an empty text. */
export function titleFromText(text: string | undefined): string | null {
  const line = text?.replaceAll(/\s+/g, ' ').trim();
  if (!line) return null;
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** Converts a stored message to the form of messages on poe.com. */
export const toMessage = ({
  messageId,
  author,
  bot,
  text,
  contentType,
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
  ...(contentType !== undefined && {contentType}),
  state,
  messageStateText: null,
  author: author === 'human' ? 'human' : bot,
  authorUser: null,
  clientNonce: null,
  bot: author === 'human' || bot === null ? null : {id: null, botId: null, handle: bot, displayName: null},
  attachments: author === 'bot' ? collectAttachments(attachments, text) : attachments.map(toAttachment),
  suggestedReplies,
});
