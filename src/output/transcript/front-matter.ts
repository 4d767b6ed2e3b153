import type {Chat} from '../../core/model.js';
import {titleOf, urlOf} from './labels.js';

/** Puts the facts about a chat in front of its Markdown, as YAML. JSON strings are YAML strings. */
export function withFrontMatter(markdown: string, chat: Chat, messages: number): string {
  const facts = {
    title: titleOf(chat),
    bot: chat.bot,
    chat: chat.chatCode ?? String(chat.chatId),
    url: urlOf(chat),
    updated: chat.lastInteractionTime,
    messages,
    pinned: chat.isPinned ?? null,
    members: chat.members ?? null,
  };
  const lines = Object.entries(facts).flatMap(([name, value]) =>
    value === null ? [] : [`${name}: ${JSON.stringify(value)}`],
  );
  return `---\n${lines.join('\n')}\n---\n\n${markdown}`;
}
