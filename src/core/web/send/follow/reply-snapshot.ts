import type {Attachment, Message} from '../../../model.js';
import type {Id} from '../../../names/id.js';

/** The known state of a reply. */
export interface ReplySnapshot {
  messageId: Id | undefined;
  messageCode: string | null;
  text: string;
  /** As Poe names it: `incomplete`, `complete`, `cancelled`, `error_…`. */
  state: string;
  stateText: string | null;
  /** The title of the chat, if it changed meanwhile. */
  title: string | null;
  attachments: Attachment[];
  suggestedReplies: string[];
  /** The bot's job is complete; its last text may still be on its way. */
  isJobDone: boolean;
  /** Later messages of the bot to the same question, as last seen. The last one is the reply, if the expected one stays empty. */
  laterReplies: readonly Message[];
  /** The user has sent another message; later messages may reply to that. */
  hasLaterUserMessage: boolean;
}

/** A change to a reply. */
export type SnapshotUpdate =
  /** The whole message. */
  | {type: 'message'; message: Message}
  /** Text and state alone. */
  | {type: 'text'; text: string; state: string; stateText: string | null}
  | {type: 'cancelled'}
  /** The reply ends without a message from Poe. */
  | {type: 'ended'; state: string}
  | {type: 'title'; title: string}
  | {type: 'job_done'}
  /** An event of the chat that changes nothing. */
  | {type: 'activity'}
  | {type: 'later_reply'; message: Message}
  | {type: 'later_user_message'};

export const emptySnapshot: ReplySnapshot = {
  messageId: undefined,
  messageCode: null,
  text: '',
  state: 'incomplete',
  stateText: null,
  title: null,
  attachments: [],
  suggestedReplies: [],
  isJobDone: false,
  laterReplies: [],
  hasLaterUserMessage: false,
};

/** Applies an update. What the update leaves out stays as it was. */
export function reduce(snapshot: ReplySnapshot, update: SnapshotUpdate): ReplySnapshot {
  switch (update.type) {
    case 'message': {
      const {messageId, messageCode, attachments, suggestedReplies, messageStateText} = update.message;
      return {
        ...withText(snapshot, update.message.text, update.message.state, messageStateText),
        messageId,
        messageCode: messageCode ?? snapshot.messageCode,
        attachments: attachments.length > 0 ? attachments : snapshot.attachments,
        suggestedReplies: suggestedReplies.length > 0 ? suggestedReplies : snapshot.suggestedReplies,
      };
    }
    case 'text':
      return withText(snapshot, update.text, update.state, update.stateText);
    case 'cancelled':
      return isEndState(snapshot.state) ? snapshot : {...snapshot, state: 'cancelled'};
    case 'ended':
      return {...snapshot, state: update.state};
    case 'title':
      return {...snapshot, title: update.title};
    case 'job_done':
      return {...snapshot, isJobDone: true};
    case 'activity':
      return snapshot;
    case 'later_reply':
      return snapshot.hasLaterUserMessage
        ? snapshot
        : {...snapshot, laterReplies: withMessage(snapshot, update.message)};
    case 'later_user_message':
      return {...snapshot, hasLaterUserMessage: true};
  }
}

function withText(snapshot: ReplySnapshot, text: string, state: string, stateText: string | null): ReplySnapshot {
  const isLate = isEndState(snapshot.state) && !isEndState(state);
  // After a reconnect, earlier texts may arrive again.
  const isOld = !isEndState(state) && text.length < snapshot.text.length && snapshot.text.startsWith(text);
  return isLate || isOld ? snapshot : {...snapshot, text, state, stateText};
}

/**
 * How to end a reply when the job is done, Poe was asked for the messages, and the reply is still incomplete: a text without a
 * state counts as complete; an empty reply is replaced by a later message of the bot.
 */
export function resolveFallback(snapshot: ReplySnapshot): SnapshotUpdate | undefined {
  if (snapshot.state === '' && snapshot.text !== '') return {type: 'ended', state: 'complete'};
  const last = snapshot.laterReplies.at(-1);
  if (!last || snapshot.hasLaterUserMessage) return undefined;
  if (isEndState(snapshot.state) || snapshot.text !== '') return undefined;
  return {type: 'message', message: last};
}

const withMessage = ({laterReplies}: ReplySnapshot, message: Message): Message[] => [
  ...laterReplies.filter(({messageId}) => messageId !== message.messageId),
  message,
];

/** Whether a state is an error, such as `error_insufficient_fund`; also one that is not known yet. */
export const isFailed = (state: string): boolean => state.startsWith('error');

export const isEndState = (state: string): boolean =>
  state.startsWith('complete') || state.startsWith('cancel') || isFailed(state);
