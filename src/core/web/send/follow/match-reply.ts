import * as v from 'valibot';
import {isContextBreak, isUserMessage} from '../../../message.js';
import {type Id, isGreaterId} from '../../../names/id.js';
import {IdNumber} from '../../../input/lenient.js';
import {Message} from '../../../model.js';
import type {ChannelEvent} from '../../live/frame.js';
import {isEndState, type ReplySnapshot, type SnapshotUpdate} from './reply-snapshot.js';

/** Which reply to follow. */
export interface ReplyTarget {
  chatId: Id;
  userMessageId?: Id | undefined;
  /** The nonce of the user's message. */
  clientNonce?: string | undefined;
  /** The bot's message, if Poe named it. */
  botMessageId?: Id | undefined;
  /** The message that is being regenerated, as it was. */
  replaced?: Message | undefined;
}

/**
 * The update of the reply that a channel event contains. Undefined for events of other chats, other messages and
 * earlier turns.
 * @param snapshot the known state of the reply
 */
export function matchEvent(
  target: ReplyTarget,
  snapshot: ReplySnapshot,
  event: ChannelEvent,
): SnapshotUpdate | undefined {
  if (!concerns(target, snapshot, event)) return undefined;
  const {name, data} = event;
  switch (name) {
    case 'messageAdded': {
      if (hasOnlyText(snapshot, data)) return matchPart(snapshot, data);
      const message = readMessage(snapshot, data);
      return message && matchMessage(target, snapshot, message);
    }
    case 'messageTextUpdated':
    case 'messageStateUpdated':
      return matchPart(snapshot, data);
    case 'messageCancelled': {
      const part = v.safeParse(MessagePart, data);
      const messageId = part.success ? part.output.messageId : undefined;
      const isOurs = [undefined, snapshot.messageId, target.userMessageId].includes(messageId);
      return {type: isOurs ? 'cancelled' : 'activity'};
    }
    case 'chatTitleUpdated': {
      const update = v.safeParse(Title, data);
      return update.success ? {type: 'title', title: update.output.title} : {type: 'activity'};
    }
    case 'jobUpdated': {
      const job = v.safeParse(Job, data);
      return {type: job.success && /^(?:complete|done)/.test(job.output.state) ? 'job_done' : 'activity'};
    }
    default:
      return undefined;
  }
}

/** The update of the reply that a message, from an event or a request, contains. */
export function matchMessage(
  target: ReplyTarget,
  snapshot: ReplySnapshot,
  message: Message,
): SnapshotUpdate | undefined {
  if (isUnchanged(target, snapshot, message)) return undefined;
  if (isReply(target, snapshot, message)) return {type: 'message', message};
  const known = [target.userMessageId, snapshot.messageId];
  if (known.some((id) => id !== undefined && !isGreaterId(message.messageId, id))) return undefined;
  return isOwn(target, message) ? {type: 'later_user_message'} : {type: 'later_reply', message};
}

/** The id of the user's message if the event is Poe's echo of it. */
export function matchEcho(clientNonce: string, {name, data}: ChannelEvent): Id | undefined {
  const message = name === 'messageAdded' ? v.safeParse(Message, data) : undefined;
  return message?.success && message.output.clientNonce === clientNonce ? message.output.messageId : undefined;
}

/** The id of the message that an event is about, if it names one. */
export function messageIdIn({data}: ChannelEvent): Id | undefined {
  const part = v.safeParse(MessagePart, data);
  return part.success ? part.output.messageId : undefined;
}

const MessagePart = v.object({
  messageId: IdNumber,
  text: v.fallback(v.optional(v.string()), undefined),
  state: v.fallback(v.optional(v.pipe(v.string(), v.toLowerCase())), undefined),
  messageStateText: v.fallback(v.nullish(v.string()), undefined),
});
const Title = v.object({title: v.string()});
const Job = v.object({state: v.pipe(v.string(), v.toLowerCase())});

function concerns({chatId}: ReplyTarget, {messageId}: ReplySnapshot, event: ChannelEvent): boolean {
  if (event.chatId !== undefined && !isPart(event)) return event.chatId === chatId;
  // It is not documented whether the id of a part names the chat or the message, so it must name the message.
  const part = v.safeParse(MessagePart, event.data);
  return part.success && part.output.messageId === messageId;
}

const isPart = ({name}: ChannelEvent) => name === 'messageTextUpdated' || name === 'messageStateUpdated';

function matchPart(snapshot: ReplySnapshot, data: unknown): SnapshotUpdate | undefined {
  const part = v.safeParse(MessagePart, data);
  if (!part.success || part.output.messageId !== snapshot.messageId) return undefined;
  const {text = snapshot.text, state = snapshot.state, messageStateText = null} = part.output;
  return {type: 'text', text, state, stateText: messageStateText};
}

/** Whether an update of the whole message changes its text only. Then the other fields need not be read again. */
function hasOnlyText({messageId, messageCode}: ReplySnapshot, data: unknown): boolean {
  // Reading a missing field of any other value gives undefined, too.
  const update = data as Record<string, unknown> | null | undefined;
  return (
    messageId !== undefined &&
    (messageCode !== null || !update?.messageCode) &&
    update?.messageId === messageId &&
    update?.state === 'incomplete' &&
    isEmpty(update.attachments) &&
    isEmpty(update.followupActions) &&
    isEmpty(update.suggestedReplies)
  );
}

const isEmpty = (list: unknown): boolean => list === undefined || (Array.isArray(list) && list.length === 0);

/** Reads a message; a missing text or state is as it was. */
function readMessage(snapshot: ReplySnapshot, data: unknown): Message | undefined {
  const message = v.safeParse(Message, data);
  const part = v.safeParse(MessagePart, data);
  if (!message.success || !part.success) return undefined;
  const {text = snapshot.text, state = snapshot.state} = part.output;
  return {...message.output, text, state};
}

function isReply(target: ReplyTarget, {messageId}: ReplySnapshot, message: Message): boolean {
  const known = messageId ?? target.botMessageId;
  if (known !== undefined) return message.messageId === known;
  return !isOwn(target, message) && isGreaterId(message.messageId, target.userMessageId ?? 0);
}

/** Whether a message is the one being regenerated, unchanged. Once the job is done, the new text may be the same. */
function isUnchanged({replaced}: ReplyTarget, {messageId, isJobDone}: ReplySnapshot, message: Message): boolean {
  if (!replaced || messageId !== undefined || isJobDone) return false;
  return message.messageId === replaced.messageId && message.text === replaced.text && isEndState(message.state);
}

const isOwn = ({clientNonce}: ReplyTarget, message: Message): boolean =>
  isUserMessage(message) ||
  isContextBreak(message) ||
  (message.clientNonce !== null && message.clientNonce === clientNonce);
