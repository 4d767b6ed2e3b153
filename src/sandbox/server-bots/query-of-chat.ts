import type {Chat, Message} from '../world/chat.js';

/** The query about a message of a chat, as Poe sends it to the server of a bot. */
export function queryOfChat(chat: Chat, question: Message, answer: Message, userId: number): object {
  const asked = chat.messages.slice(0, chat.messages.indexOf(question) + 1);
  const visible = asked.slice(asked.findLastIndex(({isBreak}) => isBreak) + 1);
  return {
    version: '1.2',
    type: 'query',
    query: visible.map((message) => toWireMessage(message, userId)),
    user_id: idOf('u', userId),
    conversation_id: idOf('c', chat.chatId),
    message_id: idOf('m', answer.messageId),
    metadata: '',
    temperature: null,
    skip_system_prompt: false,
    logit_bias: {},
    stop_sequences: [],
    language_code: 'en',
    bot_query_id: idOf('q', answer.messageId),
    users: [],
  };
}

const toWireMessage = (message: Message, userId: number) => ({
  role: message.bot ? 'bot' : 'user',
  content: message.text,
  content_type: 'text/markdown',
  timestamp: message.timeUs,
  message_id: idOf('m', message.messageId),
  sender: message.bot ? {id: null, name: message.bot.displayName} : {id: idOf('u', userId), name: null},
  sender_id: null,
  parameters: message.parameters,
  feedback: [],
  reactions: [],
  attachments: message.attachments.map(({url, mimeType, name}) => ({
    url,
    content_type: mimeType,
    name,
    inline_ref: null,
    parsed_content: null,
  })),
});

/** An anonymous ID, like Poe's. */
const idOf = (kind: string, id: number): string => `${kind}-${id.toString(36).padStart(12, '0')}`;
