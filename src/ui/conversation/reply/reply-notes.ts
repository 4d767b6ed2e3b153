import {isContextBreak, isUserMessage} from '../../../core/message.js';
import type {Chat, Message} from '../../../core/model.js';
import type {ReplyResult} from '../../../core/reply.js';
import {filesIn} from '../../../output/format/file-names.js';
import {fileSize} from '../../../output/format/file-size.js';
import {shownUrl} from '../../../output/format/url.js';
import {sourceLines} from '../../../output/reply/sources.js';
import {stopNotes} from '../../../output/reply/reply-notes.js';
import type {ChatDeps} from '../../chat-deps.js';
import {nameOf} from '../chat-session.js';

export const lastReply = (messages: readonly Message[]): Message | undefined =>
  messages.findLast((message) => !isUserMessage(message) && !isContextBreak(message));

/** The replies that the bot of a chat suggests; none if they cannot be read. */
export async function suggestedReplies({chat: read}: Pick<ChatDeps, 'chat'>, chat: Chat): Promise<string[]> {
  const found = await read(nameOf(chat)).catch(() => undefined);
  return lastReply(found?.messages ?? [])?.suggestedReplies ?? [];
}

/** The lines below a reply: its files, and why it stopped. */
export const notesOf = (reply: ReplyResult): string[] => [
  ...sourceLines(reply),
  ...fileNotes(reply),
  ...(reply.state === 'cancelled' ? ['(stopped)'] : []),
  ...stopNotes(reply),
];

/** The files of a reply with their sizes, how to save them, and those URLs that its text does not show. */
export function fileNotes(reply: Pick<Message, 'text' | 'attachments'>): string[] {
  const files = filesIn(reply).map((file, index) => {
    const facts = [`${index + 1}. ${file.name}`, fileSize(file)].filter(Boolean).join(' · ');
    return reply.text.includes(file.url) ? facts : `${facts}: ${shownUrl(file.url)}`;
  });
  return files.length === 0 ? [] : [...files, 'Save with /save [number] [path]'];
}
