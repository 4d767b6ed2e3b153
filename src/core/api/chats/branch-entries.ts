import {type Entry, type LocalChat, newId, type StoredMessage, titleFromText} from './chat-log.js';

/** The log of a new chat with copies of the messages of another one, up to and including `last`. */
export function branchEntries(
  {chat, messages, context, system}: LocalChat,
  last: StoredMessage,
  {bot, time}: {bot: string; time: string},
): Entry[] {
  const copied = messages.slice(0, messages.indexOf(last) + 1);
  // If the context was cleared after `last`, the bot of the new chat sees everything.
  const firstInContext = copied.findIndex(({messageId}) => messageId === context[0]?.messageId);
  const cleared = copied.slice(0, Math.max(0, firstInContext));
  const start: Entry = {type: 'chat', bot, time};
  const hasOwnTitle = chat.title !== null && chat.title !== titleFromText(messages[0]?.text);
  return [
    start,
    ...(system === undefined ? [] : [{type: 'system', text: system} as const]),
    ...cleared.map(copyOf),
    ...(cleared.length > 0 ? [{type: 'break', time} as const] : []),
    ...copied.slice(cleared.length).map(copyOf),
    ...(hasOwnTitle && chat.title !== null ? [{type: 'title', title: chat.title} as const] : []),
    // The newest entry of a chat is the time of its last use.
    start,
  ];
}

export const copyOf = ({replaces: _replaces, ...message}: StoredMessage): StoredMessage => ({
  ...message,
  messageId: newId(),
});
