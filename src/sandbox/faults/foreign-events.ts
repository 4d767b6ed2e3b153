import {nodeId} from '../../core/model.js';
import {messageNode} from '../answers/nodes.js';
import type {PoeEvent} from '../live/channel.js';
import type {SandboxSite} from '../site/site.js';
import type {Chat, Message} from '../world/chat.js';

/**
 * Events that do not belong to a reply: of another chat, or of an older message of the same chat.
 * @param index selects one of six kinds, modulo six
 */
export function foreignEvents(index: number, chat: Chat, question: Message, site: SandboxSite): readonly PoeEvent[] {
  const {world} = site;
  const other = world.chats.find(({chatId}) => chatId !== chat.chatId);
  const message = other?.messages.at(-1);
  if (!other || !message) return [];
  const subject = other.chatId;
  const job = (state: string) => ({id: Buffer.from('Job:1').toString('base64'), jobId: 1, state});
  const growing = {
    ...messageNode(message, site),
    messageId: question.messageId + 1000,
    state: 'incomplete',
    text: `Another chat's text ${index}`,
  };
  const older = messageNode(
    {
      ...question,
      messageId: question.messageId - 7,
      bot: chat.bot,
      clientNonce: null,
      state: 'complete',
      text: 'A late update of an older message',
    },
    site,
  );
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
    [{name: 'messageAdded', subject, data: {...growing, state: 'complete', text: "Another chat's text, complete"}}],
    [{name: 'messageAdded', subject: chat.chatId, data: older}],
    [{name: 'unreadChatsUpdated', subject: world.viewer.uid, data: {unreadChats: []}}],
  ];
  return kinds[index % kinds.length] ?? [];
}
