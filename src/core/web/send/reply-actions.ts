import type {Cost} from '../../account.js';
import {PoeError} from '../../errors.js';
import {pause} from '../../http/retry.js';
import type {Messages} from '../../client.js';
import type {CallOptions, SendOptions} from '../../options.js';
import type {Reply, ReplyActions, ReplyResult} from '../../reply.js';
import type {WebChats} from '../chats.js';
import type {Id} from '../../names/id.js';

/** The part of `messages` that replies use. */
interface ReplyMessages extends Pick<Messages, 'retry' | 'share' | 'cost' | 'previews' | 'delete'> {
  send(text: string, options: SendOptions): Promise<Reply>;
}

/** The operations of a reply and of its chat on poe.com. */
export const replyActions = (messages: ReplyMessages, chats: WebChats): ReplyActions => ({
  retry: ({chat}, options) => messages.retry(chat, options),
  share: ({chat, userMessage, botMessage}, options) =>
    messages.share(chat, present([userMessage.messageId, botMessage.messageId]), options),
  async cost({chat, botMessage}, options) {
    const code = botMessage.messageCode ?? (await codeOf(chats, chat, botMessage.messageId, options));
    return code === null ? {points: null, isEstimate: false} : settledCost(messages, code, options);
  },
  previews: async ({botMessage}, options) =>
    botMessage.messageId === null ? [] : messages.previews(botMessage.messageId, options),
  async delete({chat, userMessage, botMessage}, which, options) {
    const ids = present([
      which === 'bot' ? null : userMessage.messageId,
      which === 'user' ? null : botMessage.messageId,
    ]);
    if (ids.length === 0) throw new PoeError('message_not_found', 'Poe has not sent the id of that message yet');
    await messages.delete(chat, ids, options);
  },
  chat: {
    send: (chat, text, options) => messages.send(text, {...options, chat}),
    setTitle: (chat, title, options) => chats.setTitle(chat, title, options),
    clearContext: (chat, options) => chats.clearContext(chat, options),
    setContextOptimization: (chat, isOn, options) => chats.setContextOptimization(chat, isOn, options),
    delete: (chat, options) => chats.delete(chat, options),
  },
});

/** Poe shows the cost of a reply a moment after its end. */
async function settledCost(messages: ReplyMessages, code: string, options: CallOptions = {}): Promise<Cost> {
  for (const pauseMs of [250, 750]) {
    const cost = await messages.cost(code, options);
    if (cost.points !== null) return cost;
    await pause(pauseMs, options.signal);
  }
  return messages.cost(code, options);
}

const present = (ids: readonly (Id | null)[]): Id[] => ids.flatMap((id) => id ?? []);

/** Poe may show the code of a message only on the page of its chat. */
async function codeOf(chats: WebChats, chat: ReplyResult['chat'], messageId: Id | null, options?: CallOptions) {
  const {messages} = await chats.newest(chat, options);
  return messages.find((message) => message.messageId === messageId)?.messageCode ?? null;
}
