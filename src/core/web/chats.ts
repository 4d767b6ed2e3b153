import {PoeError} from '../errors.js';
import type {ChatRef} from '../chat-ref.js';
import type {ChatLocations, Chats as ChatsContract} from '../client.js';
import {type Chat, type Message, nodeId} from '../model.js';
import {backwards, forwards, type Page, pageSize} from '../pages.js';
import type {CallOptions, ListOptions, PurgeOptions, SearchOptions} from '../options.js';
import type {Bots} from './bots.js';
import {newNonce} from './protocol/nonce.js';
import type {AnswerOf} from './protocol/operations.js';
import {assertSuccess, assertPresent} from './protocol/assert-success.js';
import type {GraphqlClient} from './session/graphql-client.js';

/** A chat's newest messages, oldest first. */
export interface NewestMessages {
  chat: Chat;
  messages: Message[];
  /** Points that a message to the chat's bot costs, where Poe tells. */
  price: number | null;
  page: Page<Message>;
}

/** A chat named by its number is looked for among this many of the newest. */
const mostLookedAt = 1_000;

/** The account's chats. */
export class Chats implements ChatsContract {
  readonly #graphql: GraphqlClient;
  readonly #bots: Bots;

  constructor(graphql: GraphqlClient, bots: Bots) {
    this.#graphql = graphql;
    this.#bots = bots;
  }

  /** @throws PoeError `chat_not_found` */
  async find(ref: ChatRef, options?: CallOptions): Promise<Chat> {
    if ('chatCode' in ref) return (await this.#page(ref.chatCode, options)).chat;
    let looked = 0;
    for await (const chat of this.history({...options, limit: mostLookedAt})) {
      looked++;
      if (chat.chatId === ref.chatId) {
        return chat.bot === null && chat.chatCode ? this.find({chatCode: chat.chatCode}, options) : chat;
      }
    }
    const among = looked === mostLookedAt ? ` among the newest ${mostLookedAt} chats` : ' in this account';
    throw notThere(String(ref.chatId), `No chat ${ref.chatId}${among}`);
  }

  /** Looks whether a chat is still there. @throws PoeError `chat_not_found` */
  async check({chatId, chatCode}: Pick<Chat, 'chatId' | 'chatCode'>, options?: CallOptions): Promise<void> {
    await this.find(chatCode === null ? {chatId} : {chatCode}, options);
  }

  /** The account's chats, newest first; no page is asked for before it is needed. */
  history(options: ListOptions = {}): AsyncGenerator<Chat, void, undefined> {
    return forwards(async (cursor) => {
      const {chats} = await this.#graphql.call(
        'history',
        {count: pageSize(options), ...(cursor !== undefined && {cursor})},
        options,
      );
      return chats;
    }, options);
  }

  /** The chats with one bot, newest first. @throws PoeError `bot_not_found` */
  async *byBot(name: string, options: ListOptions = {}): AsyncGenerator<Chat, void, undefined> {
    const bot = await this.#bots.info(name, options);
    let found = 0;
    try {
      for await (const chat of this.#historyOf(bot.handle, options)) {
        found++;
        yield chat;
      }
    } catch (error) {
      const isUnable =
        error instanceof PoeError && ['refused', 'stale_operation', 'not_understood'].includes(error.code);
      if (!isUnable || found > 0) throw error;
      // Where Poe does not sort them out, we do.
      const names = new Set([bot.handle, bot.displayName].map((each) => each?.toLowerCase()));
      for await (const chat of this.history({signal: options.signal})) {
        if (!names.has(chat.bot?.toLowerCase())) continue;
        yield chat;
        if (++found === options.limit) return;
      }
    }
  }

  /**
   * The chats whose title has a text in it, in any letter case, newest first.
   * @param options.inMessages look into the messages too, which asks Poe once or more for each chat
   * @param options.among how many of the newest chats to look at; default: all
   */
  async *search(
    text: string,
    {inMessages = false, among, limit, signal}: SearchOptions = {},
  ): AsyncGenerator<Chat, void, undefined> {
    const wanted = text.toLowerCase();
    const has = (said: string | null) => said?.toLowerCase().includes(wanted) ?? false;
    let found = 0;
    for await (const chat of this.history({limit: among, signal})) {
      if (!has(chat.title) && !(inMessages && (await this.#isSaid(chat, has, signal)))) continue;
      yield chat;
      if (++found === limit) return;
    }
  }

  /** The newest messages of a chat, as its page shows them. @throws PoeError `chat_not_found` */
  async newest(chat: ChatRef | Chat, options?: CallOptions): Promise<NewestMessages> {
    if ('chatCode' in chat && chat.chatCode !== null) return this.#page(chat.chatCode, options);
    const found = await this.find('chatId' in chat ? {chatId: chat.chatId} : chat, options);
    if (found.chatCode !== null) return this.#page(found.chatCode, options);
    const page = await this.#older(found, undefined, options);
    return {chat: found, messages: page.nodes, price: null, page};
  }

  /**
   * A chat, and all its messages, newest first; no page of them is asked for before it is needed.
   * @throws PoeError `chat_not_found`
   */
  async read(ref: ChatRef | Chat, options: ListOptions = {}): Promise<{chat: Chat; messages: AsyncGenerator<Message>}> {
    const {chat, page} = await this.newest(ref, options);
    const messages = backwards(
      async (cursor) => (cursor === undefined ? page : this.#older(chat, cursor, options)),
      ({messageId}) => String(messageId),
      options,
    );
    return {chat, messages};
  }

  /** As `read`, the messages alone. @throws PoeError `chat_not_found` */
  async *messages(ref: ChatRef | Chat, options: ListOptions = {}): AsyncGenerator<Message, void, undefined> {
    yield* (await this.read(ref, options)).messages;
  }

  /** @returns the chat with its new title. @throws PoeError `refused` when Poe does not take it */
  async setTitle(ref: ChatRef | Chat, title: string, options?: CallOptions): Promise<Chat> {
    if (title.trim() === '') throw new PoeError('usage', 'The title is empty', {hint: 'Enter a title.'});
    const chat = 'id' in ref ? ref : await this.find(ref, options);
    const {chatSetTitle} = await this.#change(chat, () =>
      this.#graphql.call('setChatTitle', {chatId: chat.chatId, title}, options),
    );
    // The seed went by the complaint alone: an answer that has none, and no status, is a yes here.
    const isUncommented = chatSetTitle?.status === null && !chatSetTitle.statusMessage;
    if (!isUncommented) assertSuccess('setChatTitle', 'set the title', chatSetTitle);
    return {...chat, title};
  }

  /** Has the bot forget what was said before; the messages stay. @throws PoeError */
  async clearContext(ref: ChatRef | Chat, options?: CallOptions): Promise<void> {
    const chat = await this.#numbered(ref, options);
    await this.#change(chat, async () => {
      const answer = await this.#graphql.call('breakChat', {chatId: chat.chatId, clientNonce: newNonce()}, options);
      assertPresent('breakChat', 'clear the context', answer.messageBreakEdgeCreate);
    });
  }

  /** Whether Poe shortens what is sent along of the chat, which costs less. @throws PoeError */
  async setContextOptimization(ref: ChatRef | Chat, isOn: boolean, options?: CallOptions): Promise<void> {
    const chat = await this.#numbered(ref, options);
    await this.#change(chat, async () => {
      const answer = await this.#graphql.call(
        'setContextOptimization',
        {chatId: chat.chatId, isContextOptimizationOn: isOn},
        options,
      );
      assertPresent('setContextOptimization', 'set the optimization', answer.chatSetContextOptimization);
    });
  }

  /** Deletes a chat for good. @throws PoeError */
  async delete(ref: ChatRef | Chat, options?: CallOptions): Promise<void> {
    const chat = await this.#numbered(ref, options);
    await this.#change(chat, async () => {
      const answer = await this.#graphql.call('deleteChat', {chatId: chat.chatId}, options);
      assertPresent('deleteChat', 'delete the chat', answer.deleteChat);
    });
  }

  /** Deletes every chat of the account for good. @throws PoeError */
  async purge({onDeleted, ...options}: PurgeOptions = {}): Promise<void> {
    const {deleteUserMessages} = await this.#graphql.call('deleteAllChats', {}, options);
    assertPresent('deleteAllChats', 'delete the chats', deleteUserMessages);
    await onDeleted?.('poe');
  }

  /**
   * Makes a chat of one's own from one that was shared.
   * @param share the code of the share, or its address, `https://poe.com/s/<code>`
   * @throws PoeError `chat_not_found` where nothing is shared under it
   */
  async import(share: string, options?: CallOptions): Promise<Chat> {
    const {importSharedChat} = await import('./shared-chats.js');
    return importSharedChat(this.#graphql, share, options);
  }

  async locations(): Promise<ChatLocations> {
    return {poe: true, local: false};
  }

  #historyOf(handle: string, options: ListOptions): AsyncGenerator<Chat, void, undefined> {
    return forwards(async (cursor) => {
      const variables = {count: pageSize(options), handle, cursor: cursor ?? null};
      const {filteredChats} = await this.#graphql.call('historyOfBot', variables, options);
      return assertPresent('historyOfBot', 'list the chats of a bot', filteredChats);
    }, options);
  }

  async #isSaid(chat: Chat, has: (said: string) => boolean, signal?: AbortSignal): Promise<boolean> {
    for await (const {text} of this.messages(chat, {signal})) if (has(text)) return true;
    return false;
  }

  /** A chat's number suffices for most things, and need not be looked up. */
  async #numbered(ref: ChatRef | Chat, options?: CallOptions): Promise<Pick<Chat, 'chatId' | 'chatCode'>> {
    if ('chatId' in ref) return {chatCode: null, ...ref};
    return this.find(ref, options);
  }

  /** Does something to a chat. Where Poe does not do it, the reason may be that the chat is gone: then that is said. */
  async #change<T>(chat: Pick<Chat, 'chatId' | 'chatCode'>, change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } catch (error) {
      if (error instanceof PoeError && ['refused', 'not_understood'].includes(error.code)) await this.check(chat);
      throw error;
    }
  }

  async #page(chatCode: string, options?: CallOptions) {
    try {
      const {chatOfCode} = await this.#graphql.call('chatPage', {chatCode}, options);
      if (!chatOfCode) throw notThere(chatCode, `No chat ${chatCode} in this account`);
      return pageOf(chatOfCode, chatCode);
    } catch (error) {
      // Poe answers “Server Error” to more than one thing; for a code it does not know that is all it says.
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      throw notThere(chatCode, `No chat ${chatCode} on Poe (${error.message})`, error);
    }
  }

  async #older(chat: Chat, cursor: string | undefined, options: ListOptions = {}) {
    const id = nodeId('Chat', chat.chatId);
    const {node} = await this.#graphql.call(
      'olderMessages',
      {count: pageSize(options), cursor: cursor ?? null, id},
      options,
    );
    if (!node) await this.check(chat, options);
    return assertPresent('olderMessages', 'show older messages', node?.messagesConnection);
  }
}

const none = {isEmpty: true, nodes: [], pageInfo: null} satisfies Page<Message>;

function pageOf(chatOfCode: NonNullable<AnswerOf<'chatPage'>['chatOfCode']>, chatCode: string) {
  const {messagesConnection, defaultBotObject, ...chat} = chatOfCode;
  const page = messagesConnection ?? none;
  return {
    chat: {...chat, chatCode: chat.chatCode ?? chatCode},
    messages: page.nodes,
    price: defaultBotObject?.messagePointLimit?.displayMessagePointPrice ?? null,
    page,
  };
}

const notThere = (name: string, message: string, cause?: unknown) =>
  new PoeError('chat_not_found', message, {hint: `Compare ${name} with the address of the chat on poe.com.`, cause});
