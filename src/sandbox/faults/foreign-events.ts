import {nodeId} from '../../core/model.js';
import type {PoeEvent} from '../live/channel.js';
import type {Chat, Message} from '../world/chat.js';
import {messageNode} from '../answers/nodes.js';
import type {World} from '../world/world.js';

/**
 * Events that have nothing to do with the turn: of another chat, or of an older message of the same chat.
 * @param turn which of them; they come round and round
 */
export function foreignEvents(turn: number, chat: Chat, question: Message, world: World): readonly PoeEvent[] {
  const other = world.chats.find(({chatId}) => chatId !== chat.chatId);
  const message = other?.messages.at(-1);
  if (!other || !message) return [];
  const subject = other.chatId;
  const job = (state: string) => ({id: Buffer.from('Job:1').toString('base64'), jobId: 1, state});
  const growing = {
    ...messageNode(message, world),
    messageId: question.messageId + 1000,
    state: 'incomplete',
    text: `Not yours ${turn}`,
  };
  const older = {
    ...messageNode(question, world),
    messageId: question.messageId - 7,
    id: nodeId('Message', question.messageId - 7),
  };
  const kinds: readonly (readonly PoeEvent[])[] = [
    [{name: 'messageAdded', subject, data: growing}],
    [{name: 'jobUpdated', subject, data: job('complete')}],
    [
      {
        name: 'messageCancelled',
        subject,
        data: {id: nodeId('Message', message.messageId), messageId: message.messageId},
      },
      {name: 'chatTitleUpdated', subject, data: {title: 'A title of another chat', id: nodeId('Chat', subject)}},
    ],
    [{name: 'messageAdded', subject, data: {...growing, state: 'complete', text: 'Not yours, and complete'}}],
    [
      {
        name: 'messageAdded',
        subject: chat.chatId,
        data: {
          ...older,
          author: chat.bot.model,
          authorUser: null,
          clientNonce: null,
          state: 'complete',
          text: 'A late update of an older message',
        },
      },
    ],
    [{name: 'unreadChatsUpdated', subject: world.viewer.uid, data: {unreadChats: []}}],
  ];
  return kinds[turn % kinds.length] ?? [];
}
