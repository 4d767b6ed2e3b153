import {type ErrorCode, PoeError} from '../../errors.js';
import type {ChatRef} from '../../chat-ref.js';
import type {Cost} from '../../account.js';
import type {Chat, Message} from '../../model.js';
import type {CallOptions} from '../../options.js';
import type {WebChats} from '../chats.js';
import {lastExchange} from '../../message.js';
import {noReply} from './send-errors.js';
import {assertPresent} from '../protocol/assert-success.js';
import type {GraphqlClient} from '../session/graphql-client.js';

/** More apps than a bot writes into one message. */
const mostPreviews = 50;

/** What can be done to messages that are there: share and delete them, learn what they cost. */
export class MessageActions {
  readonly #graphql: GraphqlClient;
  readonly #chats: WebChats;

  constructor(graphql: GraphqlClient, chats: WebChats) {
    this.#graphql = graphql;
    this.#chats = chats;
  }

  /** Deletes messages for good. @throws PoeError */
  async delete(ref: ChatRef | Chat, messageIds: readonly number[], options?: CallOptions): Promise<void> {
    const {chatCode} = await this.#coded(ref, options);
    const connections = `client:${chatCode}:__ChatMessagesView_chat_messagesConnection_connection`;
    const answer = await this.#graphql
      .call('deleteMessages', {connections, messageIds: [...messageIds]}, options)
      .catch(notThere(messageIds));
    assertPresent('deleteMessages', 'delete the messages', answer.messagesDelete);
  }

  /**
   * Makes a public link to messages: whoever has it can read them.
   * @param messageIds default: the last question and its answers
   * @throws PoeError `message_not_found`
   */
  async share(ref: ChatRef | Chat, messageIds: readonly number[] = [], options?: CallOptions): Promise<string> {
    const {chatId, ids} =
      messageIds.length > 0 ? await this.#named(ref, messageIds, options) : await this.#last(ref, options);
    const {messagesShare} = await this.#graphql
      .call('shareMessages', {chatId, messageIds: ids}, options)
      .catch(notThere(ids));
    const code = assertPresent('shareMessages', 'share the messages', messagesShare?.shareCode);
    return new URL(`/s/${code}`, this.#graphql.session.http.site).href;
  }

  /**
   * @param of the message code of a reply, or a chat (or its code), whose last reply is meant
   * @throws PoeError `message_not_found`
   */
  async cost(of: string | ChatRef | Chat, options?: CallOptions): Promise<Cost> {
    if (typeof of !== 'string') return this.#costOf(await this.#lastReplyCode(of, options), options);
    try {
      return await this.#costOf(of, options);
    } catch (error) {
      if (!hasCode(error, 'message_not_found')) throw error;
      const messageCode = await this.#lastReplyCode({chatCode: of}, options).catch((failed: unknown) => {
        throw hasCode(failed, 'chat_not_found') ? error : failed;
      });
      return this.#costOf(messageCode, options);
    }
  }

  /**
   * Makes a public link to each app that a bot wrote into a message.
   * @param of the number of the message, or a chat, whose last reply is meant
   * @throws PoeError `message_not_found`
   */
  async previews(of: number | ChatRef | Chat, options?: CallOptions): Promise<string[]> {
    const messageId = typeof of === 'number' ? of : (await this.#lastReply(of, options)).messageId;
    const urls: string[] = [];
    // “Server Error” is no more than “no further app” where the message is known to be there.
    const isThere = () => typeof of !== 'number' || urls.length > 0;
    while (urls.length < mostPreviews) {
      const url = await this.#preview(messageId, urls.length, options).catch((error: unknown) => {
        if (hasCode(error, 'refused') && isThere()) return null;
        return notThere([messageId])(error);
      });
      if (!url || urls.includes(url)) break;
      urls.push(url);
    }
    return urls;
  }

  async #named(ref: ChatRef | Chat, ids: readonly number[], options?: CallOptions) {
    const {chatId} = 'chatId' in ref ? ref : await this.#chats.find(ref, options);
    return {chatId, ids: [...ids]};
  }

  async #last(ref: ChatRef | Chat, options?: CallOptions) {
    const {chat, messages} = await this.#chats.newest(ref, options);
    const ids = lastExchange(messages).messages.map(({messageId}) => messageId);
    if (ids.length === 0) throw noReply(chat);
    return {chatId: chat.chatId, ids};
  }

  async #preview(messageId: number, index: number, options?: CallOptions): Promise<string | null> {
    const {sharePreviewFromMessage} = await this.#graphql.call('sharePreview', {index, messageId}, options);
    return sharePreviewFromMessage?.sharedPreview?.shareUrl ?? null;
  }

  async #costOf(messageCode: string, options?: CallOptions): Promise<Cost> {
    const {messageOfCode} = await this.#graphql
      .call('messageInfo', {messageCode}, options)
      .catch(notThere([messageCode]));
    if (!messageOfCode) throw noMessage([messageCode]);
    return {points: messageOfCode.responsibleJob?.totalCostPoints ?? null, isEstimate: false};
  }

  async #lastReply(ref: ChatRef | Chat, options?: CallOptions): Promise<Message> {
    const {chat, messages} = await this.#chats.newest(ref, options);
    const {answer} = lastExchange(messages);
    if (!answer) throw noReply(chat);
    return answer;
  }

  async #lastReplyCode(ref: ChatRef | Chat, options?: CallOptions): Promise<string> {
    const {messageCode, messageId} = await this.#lastReply(ref, options);
    if (messageCode === null) throw noMessage([messageId]);
    return messageCode;
  }

  async #coded(ref: ChatRef | Chat, options?: CallOptions): Promise<{chatCode: string | null}> {
    if ('chatCode' in ref && ref.chatCode !== null) return {chatCode: ref.chatCode};
    return this.#chats.find('chatId' in ref ? {chatId: ref.chatId} : ref, options);
  }
}

const hasCode = (error: unknown, code: ErrorCode) => error instanceof PoeError && error.code === code;

const noMessage = (names: readonly (number | string)[], cause?: unknown) =>
  new PoeError('message_not_found', `No message${names.length > 1 ? 's' : ''} ${names.join(', ')} on Poe`, {
    remedy: 'list_messages',
    cause,
  });

/** “Server Error” is all that Poe says of messages it does not know. */
const notThere =
  (names: readonly (number | string)[]) =>
  (error: unknown): never => {
    throw error instanceof PoeError && error.code === 'refused' ? noMessage(names, error) : error;
  };
