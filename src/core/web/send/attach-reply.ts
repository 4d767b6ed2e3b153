import {type ChatRef, isSameChat} from '../../names/chat-ref.js';
import {type ErrorCode, PoeError} from '../../errors.js';
import {journalReply, partialReplySource} from '../../journal/journal.js';
import {lastExchange} from '../../message.js';
import type {Chat} from '../../model.js';
import type {CallOptions} from '../../options.js';
import {Reply} from '../../reply.js';
import {isEndState} from './follow/reply-snapshot.js';
import {ReplyTracker} from './follow/reply-tracker.js';
import {WebReplySource} from './follow/web-reply-source.js';
import {Guard} from './guard.js';
import {botOf, isUnreachable, type SendContext} from './send-context.js';
import {noReply, partialReply} from './send-errors.js';

/** Errors after which a stored reply is of no use: Poe has responded, or the caller has aborted. */
const conclusive: ReadonlySet<ErrorCode> = new Set(['usage', 'chat_not_found', 'message_not_found', 'interrupted']);

/**
 * The last reply of a chat: complete, or followed until it is. Aborting the signal does not cancel it. If Poe cannot be reached, the
 * reply has the text that the journal has stored, and then fails.
 * @throws PoeError `message_not_found` if the chat has no messages
 */
export async function attachReply(context: SendContext, ref: ChatRef | Chat, options: CallOptions): Promise<Reply> {
  try {
    return await attach(context, ref, options);
  } catch (error) {
    if (!(error instanceof PoeError) || conclusive.has(error.code)) throw error;
    const unfinished = context.journal.unfinished().find(({reply}) => reply && isSameChat(reply.chat, ref));
    const reply = unfinished?.reply;
    if (!reply?.text) throw error;
    const isOffline = isUnreachable(error) || error.code === 'cloudflare';
    const failure = isOffline ? partialReply(error, reply.chat) : error;
    return new Reply(partialReplySource(reply, context.replyActions, failure));
  }
}

async function attach(context: SendContext, ref: ChatRef | Chat, {signal}: CallOptions): Promise<Reply> {
  const {chats, journal} = context;
  const newest = await chats.newest(ref, {signal});
  const {chat} = newest;
  const {userMessage, reply} = lastExchange(newest.messages);
  if (!userMessage && !reply) throw noReply(chat);
  const isComplete = reply !== undefined && isEndState(reply.state);
  const tracker = new ReplyTracker();
  using listening = new Guard(isComplete ? () => {} : await listen(context, tracker, signal), (stop) => stop());
  // Messages may have arrived before the channel was open.
  const {messages} = isComplete ? newest : await chats.newest(chat, {signal});
  const last = lastExchange(messages);

  const source = new WebReplySource(context, {
    chat,
    userMessageId: last.userMessage?.messageId ?? null,
    botMessage: last.reply ?? null,
    earlierReplies: last.messages.filter((message) => message !== last.userMessage && message !== last.reply),
    bot: reply ? botOf(reply, chat) : (chat.bot ?? ''),
    tracker,
    stopListening: listening.release(),
    signal,
    cancelOnAbort: false,
  });
  return new Reply(journalReply(source, {update() {}, flush() {}, remove: () => journal.removeChat(chat)}));
}

/**
 * Opens the live channel. Without one, the reply is read from the chat as after a lost connection.
 * @returns a function that stops listening
 * @throws PoeError `interrupted`
 */
async function listen({channel}: SendContext, tracker: ReplyTracker, signal?: AbortSignal): Promise<() => void> {
  try {
    return (await channel.open(signal)).listen(tracker);
  } catch (error) {
    if (!(error instanceof PoeError) || error.code === 'interrupted' || error.code === 'usage') throw error;
    tracker.lost(error.with({message: `The live connection to Poe could not be opened (${error.message})`}));
    return () => {};
  }
}
