import {PoeError} from '../../errors.js';
import type {Chat} from '../../model.js';
import {Reply, type ReplyActions, toReplyState} from '../../reply.js';
import type {LocalChat, StoredMessage} from './chat-log.js';
import {collectAttachments} from './stored-files.js';

/** The last message of the user in a chat, and the reply to it. */
export interface LastExchange {
  chat: Chat;
  message: StoredMessage;
  reply: StoredMessage | undefined;
}

/** @throws PoeError `message_not_found` if the chat is empty */
export function lastExchange({chat, messages}: LocalChat): LastExchange {
  const index = messages.findLastIndex(({author}) => author === 'human');
  const message = messages[index];
  if (!message) throw new PoeError('message_not_found', 'The chat has no messages');
  return {chat, message, reply: messages.slice(index + 1).findLast(({author}) => author === 'bot')};
}

/** A reply as it is stored. Following one that is incomplete throws `reply_lost`. @throws PoeError `message_not_found` */
export function storedReply({chat, message, reply}: LastExchange, actions: ReplyActions): Reply {
  const code = chat.chatCode ?? undefined;
  if (!reply) {
    throw new PoeError('message_not_found', 'The last message has no reply', {
      hint: 'If a program was stopped while it sent the message, it may have been charged.',
      remedy: 'retry_reply',
      chat: code,
    });
  }
  return new Reply({
    actions,
    start: {
      text: reply.text,
      ...(reply.contentType !== undefined && {contentType: reply.contentType}),
      state: toReplyState(reply.state),
      bot: reply.bot ?? '',
      chat,
      userMessage: {messageId: message.messageId},
      botMessage: {messageId: reply.messageId, messageCode: null},
      attachments: collectAttachments(reply.attachments ?? [], reply.text),
      suggestedReplies: reply.suggestedReplies ?? [],
      ...(reply.sources && {sources: [...reply.sources]}),
      points: {cost: null, balance: null},
      via: 'api',
    },
    // oxlint-disable-next-line require-yield -- a stored reply does not change
    async *updates() {
      if (reply.jobId !== undefined && reply.state === 'failed') {
        throw new PoeError('bot_failed', 'The video has failed, or Poe no longer has it', {
          remedy: 'retry_reply',
          chat: code,
        });
      }
      if (reply.state === 'incomplete') {
        throw new PoeError('reply_lost', 'The reply is incomplete, and Poe does not store the rest', {
          hint: 'Another poe may still be receiving it.',
          remedy: 'retry_reply',
          chat: code,
        });
      }
    },
    async cancel() {},
  });
}
