import {isContextBreak, isUserMessage} from '../../core/message.js';
import type {Chat, Message} from '../../core/model.js';
import type {ReplyResult} from '../../core/reply.js';
import {shownUrl} from '../../output/format/url.js';
import {filesIn} from '../../output/format/file-names.js';
import {stopNotes} from '../../output/reply/reply-notes.js';
import type {Host} from '../chat-deps.js';

export const lastReply = (messages: readonly Message[]): Message | undefined =>
  messages.findLast((message) => !isUserMessage(message) && !isContextBreak(message));

/** What the bot of a chat suggests to say next, which Poe may tell only after its reply; nothing where that cannot be had. */
export async function suggested({chat: read}: Pick<Host, 'chat'>, {chatCode, chatId}: Chat): Promise<string[]> {
  const found = await read(chatCode ?? String(chatId)).catch(() => undefined);
  return lastReply(found?.messages ?? [])?.suggestedReplies ?? [];
}

/** What is told below a reply: its files, and why it ends where it does. */
export const notesOf = (reply: ReplyResult): string[] => [
  ...fileNotes(reply),
  ...(reply.state.startsWith('cancel') ? ['(stopped)'] : []),
  ...stopNotes(reply),
];

/** The files of a reply, with their addresses, and how to keep them. */
function fileNotes(reply: Pick<Message, 'text' | 'attachments'>): string[] {
  const files = filesIn(reply).map(({name, url}, index) => `${index + 1}. ${name}: ${shownUrl(url)}`);
  return files.length === 0 ? [] : [...files, 'Save with /save [number] [path]'];
}

/** What was sent, as it is repeated above its answer: of a long text the start. */
export function shortened(text: string): string {
  const lines = text.split('\n');
  if (lines.length <= 20) return text;
  return [...lines.slice(0, 5), `[${(lines.length - 5).toLocaleString('en-US')} more lines]`].join('\n');
}
