import {createHash} from 'node:crypto';
import {localChatId} from '../../../names/chat-ref.js';
import {newId, titleFromText, type Entry} from '../chat-log.js';
import type {ChatCopy, CopiedMessage} from '../../../chat-copy.js';

/** The number of the local chat that a copy becomes: the same each time, so that a second import finds the first one. */
export function chatIdOf({source}: ChatCopy): number {
  const bits = createHash('sha256').update(source).digest().readUIntBE(0, 6) % 2 ** 47;
  return localChatId(source) ?? 1e14 + bits;
}

/**
 * The log of a copied chat.
 * @param bot the bot to continue with; null: the one that wrote the last message
 * @param now the time of messages without one, ISO 8601
 */
export function copyEntries({title, messages, ...copy}: ChatCopy, bot: string | null, now: string): Entry[] {
  const started = messages.find(({time}) => time !== null)?.time ?? now;
  let time = started;
  return [
    {type: 'chat', bot: copy.bot, time: started},
    {type: 'title', title: title?.trim() || titleOfMessages(messages)},
    ...messages.map((message) => {
      // A message without a time is as old as the one before it.
      time = message.time ?? time;
      return toEntry(message, time);
    }),
    ...(bot === null ? [] : [{type: 'chat' as const, bot, time}]),
  ];
}

function titleOfMessages(messages: readonly CopiedMessage[]): string {
  const first = messages.find(({author}) => author !== 'context_break');
  return titleFromText(first && 'text' in first ? first.text : undefined) ?? 'Untitled chat';
}

function toEntry(message: CopiedMessage, time: string): Entry {
  if (message.author === 'context_break') return {type: 'break', time};
  const {author, bot, text, contentType, state, attachments} = message;
  return {
    type: 'message',
    messageId: newId(),
    author,
    bot,
    text,
    ...(contentType !== undefined && {contentType}),
    // No bot is writing any longer.
    state: state === 'incomplete' || state === 'pending' ? 'cancelled' : state,
    time,
    ...(attachments.length > 0 && {attachments}),
  };
}
