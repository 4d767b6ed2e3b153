import {PoeError} from '../../errors.js';
import {isContextBreak} from '../../message.js';
import {type Chat, type Message} from '../../model.js';
import {chatName} from '../../names/chat-ref.js';
import type {CallOptions, MessageRef} from '../../options.js';
import type {WebChats} from '../chats.js';

/** Finds a message of a chat, newest first. @throws PoeError `message_not_found` */
export async function findMessage(
  chats: WebChats,
  chat: Chat,
  which: MessageRef,
  options?: CallOptions,
): Promise<Message> {
  for await (const message of chats.messages(chat, options)) {
    if (isContextBreak(message)) continue;
    if (which === 'last' || String(message.messageId) === String(which)) return message;
  }
  const text = which === 'last' ? 'The chat has no messages' : `No message ${which} in the chat`;
  throw new PoeError('message_not_found', text, {remedy: 'list_messages', chat: chatName(chat)});
}
