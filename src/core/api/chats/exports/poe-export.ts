import * as v from 'valibot';
import {isContextBreak, isUserMessage} from '../../../message.js';
import type {Chat, Message} from '../../../model.js';
import type {ChatCopy, CopiedMessage} from '../../../chat-copy.js';

const text = v.fallback(v.nullish(v.string(), null), null);
const id = v.union([v.number(), v.string()]);
const botName = v.fallback(
  v.nullish(v.object({id: text, botId: v.fallback(v.nullish(id, null), null), handle: text, displayName: text}), null),
  null,
);
const attachment = v.object({
  name: text,
  url: text,
  mimeType: text,
  size: v.fallback(v.nullish(v.number(), null), null),
  inlineRef: v.optional(v.string()),
});

/** `Chat` and `Message` as the library returns them: what `poe history export --format json` writes. */
const PoeExport = v.object({
  chat: v.object({chatId: id, chatCode: text, title: text, bot: text}),
  messages: v.array(
    v.object({
      creationTime: text,
      text: v.fallback(v.string(), ''),
      state: v.fallback(v.string(), 'complete'),
      author: text,
      authorUser: v.fallback(v.nullish(v.object({uid: id}), null), null),
      clientNonce: text,
      contentType: v.optional(v.string()),
      bot: botName,
      attachments: v.fallback(v.array(attachment), []),
    }),
  ),
}) satisfies v.GenericSchema<unknown, {chat: Partial<Chat>; messages: Partial<Message>[]}>;
type PoeMessage = v.InferOutput<typeof PoeExport>['messages'][number];

/** @returns undefined if the value is not a chat that poe exported */
export function readPoeExport(value: unknown): ChatCopy | undefined {
  const parsed = v.safeParse(PoeExport, value);
  if (!parsed.success) return undefined;
  const {chat, messages} = parsed.output;
  const isLocal = chat.chatCode?.startsWith('local-') ?? false;
  return {
    source: isLocal && chat.chatCode !== null ? chat.chatCode : `poe:${chat.chatId}`,
    title: chat.title,
    bot: chat.bot,
    messages: messages.map((message) => toCopy(message, chat.bot)),
  };
}

function toCopy(message: PoeMessage, botOfChat: string | null): CopiedMessage {
  const {creationTime: time, text, contentType, state, attachments} = message;
  if (isContextBreak(message)) return {author: 'context_break', time};
  const isUser = isUserMessage(message);
  return {
    author: isUser ? 'human' : 'bot',
    bot: isUser ? null : (message.bot?.handle ?? message.bot?.displayName ?? botOfChat ?? message.author),
    text,
    ...(contentType !== undefined && {contentType}),
    state,
    time,
    attachments,
  };
}
