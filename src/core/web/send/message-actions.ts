import {type ErrorCode, PoeError} from '../../errors.js';
import type {ChatRef} from '../../names/chat-ref.js';
import type {Cost} from '../../account.js';
import type {Chat, Citation, Message} from '../../model.js';
import type {CallOptions} from '../../options.js';
import type {WebChats} from '../chats.js';
import {lastExchange} from '../../message.js';
import {noReply} from './send-errors.js';
import {assertDone, assertPresent} from '../protocol/assert-success.js';
import type {GraphqlClient} from '../session/graphql-client.js';
import type {Id} from '../../names/id.js';

/** No message has more apps than this. */
const maxPreviews = 50;

/** Operations on messages that exist: delete, share, cost, previews, citations. See `Messages` in core/client.ts. */
export class MessageActions {
  readonly #graphql: GraphqlClient;
  readonly #chats: WebChats;

  constructor(graphql: GraphqlClient, chats: WebChats) {
    this.#graphql = graphql;
    this.#chats = chats;
  }

  async delete(ref: ChatRef | Chat, messageIds: readonly Id[], options?: CallOptions): Promise<void> {
    const {chatCode} = await this.#withCode(ref, options);
    const connections = `client:${chatCode}:__ChatMessagesView_chat_messagesConnection_connection`;
    const answer = await this.#graphql
      .call('deleteMessages', {connections, messageIds: [...messageIds]}, options)
      .catch(toNotFound(messageIds));
    assertDone('deleteMessages', 'delete the messages', answer.messagesDelete);
  }

  async share(ref: ChatRef | Chat, messageIds: readonly Id[] = [], options?: CallOptions): Promise<string> {
    const {chatId, ids} =
      messageIds.length > 0
        ? {chatId: await this.#chatId(ref, options), ids: [...messageIds]}
        : await this.#lastExchange(ref, options);
    const {messagesShare} = await this.#graphql
      .call('shareMessages', {chatId, messageIds: ids}, options)
      .catch(toNotFound(ids));
    const action = 'share the messages';
    if (!messagesShare?.shareCode) assertDone('shareMessages', action, messagesShare);
    const code = assertPresent('shareMessages', action, messagesShare?.shareCode);
    return new URL(`/s/${code}`, this.#graphql.session.http.site).href;
  }

  /** @param of a text may also be the code of a chat */
  async cost(of: string | ChatRef | Chat, options?: CallOptions): Promise<Cost> {
    if (typeof of !== 'string') return this.#costOf(await this.#lastReplyCode(of, options), options);
    try {
      return await this.#costOf(of, options);
    } catch (error) {
      if (!hasCode(error, 'message_not_found')) throw error;
      const messageCode = await this.#lastReplyCode({chatCode: of}, options).catch((failure: unknown) => {
        throw hasCode(failure, 'chat_not_found') ? error : failure;
      });
      return this.#costOf(messageCode, options);
    }
  }

  async previews(of: Id | ChatRef | Chat, options?: CallOptions): Promise<string[]> {
    const messageId = typeof of !== 'object' ? of : (await this.#lastReply(of, options)).messageId;
    const urls: string[] = [];
    // If the message is known to exist, "Server Error" only means that there are no further apps.
    const exists = () => typeof of === 'object' || urls.length > 0;
    while (urls.length < maxPreviews) {
      const url = await this.#preview(messageId, urls.length, options).catch((error: unknown) => {
        if (hasCode(error, 'refused') && exists()) return null;
        return toNotFound([messageId])(error);
      });
      if (!url || urls.includes(url)) break;
      urls.push(url);
    }
    return urls;
  }

  async citations(messageId: Id, options?: CallOptions): Promise<Citation[]> {
    const {message} = await this.#graphql.call('citations', {messageId}, options).catch(toNotFound([messageId]));
    return message?.citations ?? [];
  }

  async #chatId(ref: ChatRef | Chat, options?: CallOptions): Promise<Id> {
    return 'chatId' in ref ? ref.chatId : (await this.#chats.find(ref, options)).chatId;
  }

  async #lastExchange(ref: ChatRef | Chat, options?: CallOptions) {
    const {chat, messages} = await this.#chats.newest(ref, options);
    const ids = lastExchange(messages).messages.map(({messageId}) => messageId);
    if (ids.length === 0) throw noReply(chat);
    return {chatId: chat.chatId, ids};
  }

  async #preview(messageId: Id, index: number, options?: CallOptions): Promise<string | null> {
    const {sharePreviewFromMessage} = await this.#graphql.call('sharePreview', {index, messageId}, options);
    return sharePreviewFromMessage?.sharedPreview?.shareUrl ?? null;
  }

  async #costOf(messageCode: string, options?: CallOptions): Promise<Cost> {
    const {messageOfCode} = await this.#graphql
      .call('messageInfo', {messageCode}, options)
      .catch(toNotFound([messageCode]));
    if (!messageOfCode) throw notFound([messageCode]);
    return {points: messageOfCode.responsibleJob?.totalCostPoints ?? null, isEstimate: false};
  }

  async #lastReply(ref: ChatRef | Chat, options?: CallOptions): Promise<Message> {
    const {chat, messages} = await this.#chats.newest(ref, options);
    const {reply} = lastExchange(messages);
    if (!reply) throw noReply(chat);
    return reply;
  }

  async #lastReplyCode(ref: ChatRef | Chat, options?: CallOptions): Promise<string> {
    const {messageCode, messageId} = await this.#lastReply(ref, options);
    if (messageCode === null) throw notFound([messageId]);
    return messageCode;
  }

  async #withCode(ref: ChatRef | Chat, options?: CallOptions): Promise<{chatCode: string | null}> {
    if ('chatCode' in ref && ref.chatCode !== null) return {chatCode: ref.chatCode};
    return this.#chats.find('chatId' in ref ? {chatId: ref.chatId} : ref, options);
  }
}

const hasCode = (error: unknown, code: ErrorCode) => error instanceof PoeError && error.code === code;

const notFound = (names: readonly (number | string)[], cause?: PoeError) =>
  new PoeError(
    'message_not_found',
    `No message${names.length > 1 ? 's' : ''} ${names.map((name) => JSON.stringify(name)).join(', ')} on Poe` +
      // Another reason is possible.
      (cause ? ` (${cause.message})` : ''),
    {remedy: 'list_messages', cause},
  );

/** For unknown messages, Poe responds with "Server Error". */
const toNotFound =
  (names: readonly (number | string)[]) =>
  (error: unknown): never => {
    throw error instanceof PoeError && error.code === 'refused' ? notFound(names, error) : error;
  };
