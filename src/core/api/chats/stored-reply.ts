import {PoeError} from '../../errors.js';
import type {Chat} from '../../model.js';
import {Reply, type ReplyActions} from '../../reply.js';
import type {LocalChat, StoredMessage} from './chat-log.js';
import {collectAttachments} from './stored-files.js';

/** The last question of a local chat, and what was kept of its answer. */
export interface LastExchange {
  chat: Chat;
  question: StoredMessage;
  answer: StoredMessage | undefined;
}

/** @throws PoeError `message_not_found` where nothing was said */
export function lastExchange({chat, said}: LocalChat): LastExchange {
  const at = said.findLastIndex(({author}) => author === 'human');
  const question = said[at];
  if (!question) throw new PoeError('message_not_found', 'Nothing was said in this chat yet');
  return {chat, question, answer: said.slice(at + 1).findLast(({author}) => author === 'bot')};
}

/** A reply as it was kept. Following one that broke off throws `reply_lost`. @throws PoeError `message_not_found` */
export function storedReply({chat, question, answer}: LastExchange, actions: ReplyActions): Reply {
  if (!answer) {
    throw new PoeError('message_not_found', 'Nothing was kept of an answer to the last message', {
      hint: 'Nothing came of it, or nothing yet. Ask again with: poe retry <chat>',
    });
  }
  return new Reply({
    actions,
    start: {
      text: answer.text,
      state: answer.state,
      bot: answer.bot ?? '',
      chat,
      userMessage: {messageId: question.messageId},
      botMessage: {messageId: answer.messageId, messageCode: null},
      attachments: collectAttachments(answer.attachments ?? [], answer.text),
      suggestedReplies: answer.suggestedReplies ?? [],
      points: {cost: null, balance: null},
      via: 'api',
    },
    // oxlint-disable-next-line require-yield -- nothing more comes
    async *states() {
      if (answer.state === 'incomplete') {
        throw new PoeError('reply_lost', 'The reply is not whole: it broke off, and Poe does not keep the rest', {
          hint: 'Where another poe is still receiving it, this is what had come. Else ask again with: poe retry <chat>',
        });
      }
    },
    async cancel() {},
  });
}
