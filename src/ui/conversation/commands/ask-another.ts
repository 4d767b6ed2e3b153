import {isUserMessage} from '../../../core/message.js';
import type {Chat, Message} from '../../../core/model.js';
import type {Reply} from '../../../core/reply.js';
import {set, showNotice} from '../../state/transitions.js';
import {type ChatSession, nameOf, widthOf} from '../chat-session.js';
import {followReply} from '../reply/follow-reply.js';
import {noteLines, questionLines} from '../../text/transcript-lines.js';

/**
 * Asks another bot the last question, in a chat of its own, and shows its reply. The open chat does not change. With an API
 * key, the other bot sees the same messages before the question; on poe.com only the question.
 * @throws PoeError
 */
export async function compare(session: ChatSession, name: string, signal: AbortSignal): Promise<void> {
  const {deps, store, theme} = session;
  const {chat, lastReply, suggestions, system} = store.getSnapshot();
  const question = chat && (await lastQuestion(session, chat));
  if (!chat || !question) return store.apply(showNotice('No chat yet. Send a message first.'));
  const isLocal = await deps.isLocal(chat);
  const {handle} = await deps.bot(name);
  const context = isLocal
    ? {chat, branchAt: question.messageId}
    : {chat: undefined, system: isIn(system, question.text) ? undefined : system};
  const notes = [isLocal || question.isFirst ? '' : 'It sees only the last question.', question.lostFiles].filter(
    Boolean,
  );
  const columns = widthOf(session);
  if (!deps.isDumb)
    store.print(questionLines(`${handle}: ${question.text}`, [], {columns, theme: {...theme, text: theme.dim}}));
  store.print(`${notes.map((note) => noteLines(note, {columns, theme})).join('')}\n`);
  const {text, files} = question;
  const startedAt = performance.now();
  const reply = await deps.send(text, {bot: handle, files, signal, isAside: true, ...context});
  // What this reply reveals is about another chat.
  const aside = {...session, deps: {...deps, remember: async () => {}}};
  try {
    await followReply(aside, reply, {startedAt, signal});
  } finally {
    store.apply(set({chat, lastReply, suggestions}));
  }
  const code = nameOf(reply.chat.toJSON());
  store.apply(showNotice(`To continue with ${handle} instead: /chat ${code}`));
}

/** Asks another bot the last question again. In a local chat, its reply replaces the last one. @throws PoeError */
export async function retryWith(session: ChatSession, name: string, signal: AbortSignal): Promise<Reply | undefined> {
  const {deps, store, theme} = session;
  const {chat} = store.getSnapshot();
  const question = chat && (await lastQuestion(session, chat));
  if (!chat || !question) {
    store.apply(showNotice('No chat yet. Send a message first.'));
    return undefined;
  }
  const {handle} = await deps.bot(name);
  if (await deps.isLocal(chat)) return deps.retry(chat, {bot: handle, signal});
  const {text, files, lostFiles} = question;
  const notes = [`${handle} gets the question as a new message of this chat.`, lostFiles].filter(Boolean);
  store.print(`${notes.map((note) => noteLines(note, {columns: widthOf(session), theme})).join('')}\n`);
  return deps.send(text, {bot: handle, chat, files, signal});
}

/** On poe.com, instructions are part of the first question. */
const isIn = (system: string | undefined, question: string): boolean =>
  system !== undefined && question.startsWith(system.trim());

interface Question extends Pick<Message, 'text' | 'messageId'> {
  /** Whether it is the first message of its chat. */
  isFirst: boolean;
  /** The paths and URLs of its files, if they are known. */
  files: readonly string[];
  /** What to say if its files are not known; '' otherwise. */
  lostFiles: string;
}

async function lastQuestion({deps, store}: ChatSession, chat: Chat): Promise<Question | undefined> {
  const {messages} = await deps.chat(nameOf(chat));
  const at = messages.findLastIndex(isUserMessage);
  const message = messages[at];
  if (!message) return undefined;
  const {lastSent} = store.getSnapshot();
  // On poe.com, instructions may precede it.
  const files = lastSent && message.text.endsWith(lastSent.text) ? lastSent.files : [];
  const isLost = files.length === 0 && message.attachments.length > 0;
  return {
    text: message.text,
    messageId: message.messageId,
    isFirst: messages.slice(0, at).every((each) => !isUserMessage(each)),
    files,
    lostFiles: isLost ? 'The files of the question are not sent again.' : '',
  };
}
