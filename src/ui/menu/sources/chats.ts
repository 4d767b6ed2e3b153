import {isContextBreak} from '../../../core/message.js';
import type {Chat} from '../../../core/model.js';
import {relativeTime} from '../../../output/format/time.js';
import type {ChatDeps} from '../../chat-deps.js';
import type {MenuEntry} from '../entry.js';
import type {Source} from '../source.js';

/** The account's newest chats by title and age, with their last message. */
export function chatSource(deps: Pick<ChatDeps, 'known' | 'chats' | 'lastMessages'>): Source {
  const byValue = new Map<string, Chat>();
  let endLoading = () => {};
  const loaded = new Promise<void>((resolve) => (endLoading = resolve));
  return {
    async *load(signal) {
      try {
        const {chats} = await deps.known();
        yield chats.map(({chatCode, title}) => ({value: chatCode, label: title ?? untitled, detail: ''}));
        const found = await deps.chats(signal);
        for (const chat of found) byValue.set(chatName(chat), chat);
        yield found.map(toEntry);
      } finally {
        endLoading();
      }
    },
    async preview({value}, signal) {
      // A chat that is known by its name only can be previewed once Poe has listed it.
      if (!byValue.has(value)) await loaded;
      const chat = byValue.get(value);
      if (!chat) return '';
      const messages = await deps.lastMessages(chat, signal);
      return messages.findLast((message) => !isContextBreak(message))?.text.trim() ?? '';
    },
  };
}

const untitled = 'Untitled';

const chatName = ({chatCode, chatId}: Chat): string => chatCode ?? String(chatId);

const toEntry = (chat: Chat): MenuEntry => ({
  value: chatName(chat),
  label: chat.title ?? untitled,
  fact: relativeTime(chat.lastInteractionTime),
  detail: chat.bot ?? '',
  keywords: [chat.bot, chat.chatCode].filter((each) => each !== null).join(' '),
});
