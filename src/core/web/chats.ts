import {PoeError} from '../errors.js';
import {chatName, type ChatRef} from '../names/chat-ref.js';
import type {ChatLocations, Chats} from '../client.js';
import {type Chat, type Message, nodeId} from '../model.js';
import {backwards, forwards, type Page, pageSize} from '../pages.js';
import type {CallOptions, ListOptions, PurgeOptions, ReadOptions, SearchOptions} from '../options.js';
import {apiOnly} from '../unsupported.js';
import type {WebBots} from './bots.js';
import {fieldsOf} from '../http/json.js';
import {newNonce} from './protocol/nonce.js';
import type {AnswerOf} from './protocol/operations.js';
import {assertDone, assertPresent, assertSuccess} from './protocol/assert-success.js';
import type {GraphqlClient} from './session/graphql-client.js';

/** A chat's newest messages, oldest first. */
export interface NewestMessages {
  chat: Chat;
  messages: Message[];
  /** Points that a message to the chat's bot costs; null if Poe does not show it. */
  price: number | null;
  page: Page<Message>;
}

/** A chat is looked up by its id among this many of the newest chats. */
const maxLookup = 1_000;

/** The chats of the account. */
export class WebChats implements Chats {
  readonly #graphql: GraphqlClient;
  readonly #bots: WebBots;

  constructor(graphql: GraphqlClient, bots: WebBots) {
    this.#graphql = graphql;
    this.#bots = bots;
  }

  /** @throws PoeError `chat_not_found` */
  async find(ref: ChatRef, options?: CallOptions): Promise<Chat> {
    if ('chatCode' in ref) return (await this.#page(ref.chatCode, options)).chat;
    let count = 0;
    for await (const chat of this.history({...options, limit: maxLookup})) {
      count++;
      if (chat.chatId === ref.chatId) {
        return chat.bot === null && chat.chatCode ? this.find({chatCode: chat.chatCode}, options) : chat;
      }
    }
    const where = count === maxLookup ? `among the newest ${maxLookup} chats` : 'in this account';
    throw notFound(`No chat ${ref.chatId} ${where}`);
  }

  /** Checks that a chat exists. @throws PoeError `chat_not_found` */
  async check({chatId, chatCode}: Pick<Chat, 'chatId' | 'chatCode'>, options?: CallOptions): Promise<void> {
    await this.find(chatCode === null ? {chatId} : {chatCode}, options);
  }

  history(options: ListOptions = {}): AsyncGenerator<Chat, void, undefined> {
    return forwards(
      async (cursor) => {
        const {chats} = await this.#graphql.call(
          'history',
          {count: pageSize(options), ...(cursor !== undefined && {cursor})},
          options,
        );
        return chats;
      },
      idOf,
      options,
    );
  }

  async *byBot(name: string, options: ListOptions = {}): AsyncGenerator<Chat, void, undefined> {
    const bot = await this.#bots.info(name, options);
    let count = 0;
    try {
      for await (const chat of this.#historyOf(bot.handle, options)) {
        count++;
        yield chat;
      }
    } catch (error) {
      const isUnsupported =
        error instanceof PoeError && ['refused', 'stale_operation', 'not_understood'].includes(error.code);
      if (!isUnsupported || count > 0) throw error;
      // Filter the chats here if Poe cannot.
      const names = new Set([bot.handle, bot.displayName].map((each) => each?.toLowerCase()));
      for await (const chat of this.history({signal: options.signal})) {
        if (!names.has(chat.bot?.toLowerCase())) continue;
        yield chat;
        if (++count === options.limit) return;
      }
    }
  }

  async *search(
    text: string,
    {inMessages = false, among, limit, signal}: SearchOptions = {},
  ): AsyncGenerator<Chat, void, undefined> {
    const query = text.toLowerCase();
    let count = 0;
    for await (const chat of this.history({limit: among, signal})) {
      const matches = contains(chat.title, query) || (inMessages && (await this.#hasMessage(chat, query, signal)));
      if (!matches) continue;
      yield chat;
      if (++count === limit) return;
    }
  }

  /** The newest messages of a chat, in one request if its code is known. @throws PoeError `chat_not_found` */
  async newest(chat: ChatRef | Chat, options?: ReadOptions): Promise<NewestMessages> {
    if ('chatCode' in chat && chat.chatCode !== null) return this.#page(chat.chatCode, options);
    const found = await this.find('chatId' in chat ? {chatId: chat.chatId} : chat, options);
    if (found.chatCode !== null) return this.#page(found.chatCode, options);
    const page = await this.#older(found, undefined, options);
    return {chat: found, messages: page.nodes, price: null, page};
  }

  async read(ref: ChatRef | Chat, options: ReadOptions = {}): Promise<{chat: Chat; messages: AsyncGenerator<Message>}> {
    const {chat, page} = await this.newest(ref, options);
    const messages = backwards(
      async (cursor) => (cursor === undefined ? page : this.#older(chat, cursor, options)),
      ({messageId}) => String(messageId),
      options,
    );
    return {chat, messages};
  }

  /** The messages of a chat, newest first. @throws PoeError `chat_not_found` */
  async *messages(ref: ChatRef | Chat, options: ListOptions = {}): AsyncGenerator<Message, void, undefined> {
    yield* (await this.read(ref, options)).messages;
  }

  async setTitle(ref: ChatRef | Chat, title: string, options?: CallOptions): Promise<Chat> {
    if (title.trim() === '') throw new PoeError('usage', 'The title is empty', {hint: 'Enter a title.'});
    const chat = 'id' in ref ? ref : await this.find(ref, options);
    const {chatSetTitle} = await this.#change(chat, () =>
      this.#graphql.call('setChatTitle', {chatId: chat.chatId, title}, options),
    );
    // poe-api-rust checks `statusMessage` only, so a response without status and message counts as success.
    const isSilent = chatSetTitle?.status === null && !chatSetTitle.statusMessage;
    if (!isSilent) assertSuccess('setChatTitle', 'set the title', chatSetTitle);
    return {...chat, title};
  }

  async branch(ref: ChatRef | Chat): Promise<Chat> {
    throw apiOnly.branch(chatName(ref));
  }

  async clearContext(ref: ChatRef | Chat, options?: CallOptions): Promise<void> {
    const chat = await this.#withId(ref, options);
    await this.#change(chat, async () => {
      const answer = await this.#graphql.call('breakChat', {chatId: chat.chatId, clientNonce: newNonce()}, options);
      assertDone('breakChat', 'clear the context', answer.messageBreakEdgeCreate);
    });
  }

  async setContextOptimization(ref: ChatRef | Chat, isOn: boolean, options?: CallOptions): Promise<void> {
    const chat = await this.#withId(ref, options);
    await this.#change(chat, async () => {
      const answer = await this.#graphql.call(
        'setContextOptimization',
        {chatId: chat.chatId, isContextOptimizationOn: isOn},
        options,
      );
      assertDone('setContextOptimization', 'set the context optimization', answer.chatSetContextOptimization);
    });
  }

  async delete(ref: ChatRef | Chat, options?: CallOptions): Promise<void> {
    const chat = await this.#withId(ref, options);
    await this.#change(chat, async () => {
      const answer = await this.#graphql.call('deleteChat', {chatId: chat.chatId}, options);
      assertDone('deleteChat', 'delete the chat', answer.deleteChat);
    });
  }

  async purge({onDeleted, ...options}: PurgeOptions = {}): Promise<void> {
    const {deleteUserMessages} = await this.#graphql.call('deleteAllChats', {}, options);
    assertDone('deleteAllChats', 'delete the chats', deleteUserMessages);
    await onDeleted?.('poe');
  }

  async import(share: string, options?: CallOptions): Promise<Chat> {
    const {importSharedChat} = await import('./shared-chats.js');
    return importSharedChat(this.#graphql, share, options);
  }

  async locations(): Promise<ChatLocations> {
    return {poe: true, local: false};
  }

  #historyOf(handle: string, options: ListOptions): AsyncGenerator<Chat, void, undefined> {
    return forwards(
      async (cursor) => {
        const variables = {count: pageSize(options), handle, cursor: cursor ?? null};
        const {filteredChats} = await this.#graphql.call('historyOfBot', variables, options);
        return assertPresent('historyOfBot', 'list the chats of a bot', filteredChats);
      },
      idOf,
      options,
    );
  }

  async #hasMessage(chat: Chat, query: string, signal?: AbortSignal): Promise<boolean> {
    for await (const {text} of this.messages(chat, {signal})) if (contains(text, query)) return true;
    return false;
  }

  /** Looks a chat up only if its id is not known. */
  async #withId(ref: ChatRef | Chat, options?: CallOptions): Promise<Pick<Chat, 'chatId' | 'chatCode'>> {
    if ('chatId' in ref) return {chatCode: null, ...ref};
    return this.find(ref, options);
  }

  /** Changes a chat. @throws PoeError `chat_not_found` if it fails because the chat does not exist */
  async #change<T>(chat: Pick<Chat, 'chatId' | 'chatCode'>, change: () => Promise<T>): Promise<T> {
    try {
      return await change();
    } catch (error) {
      if (error instanceof PoeError && ['refused', 'not_understood'].includes(error.code)) await this.check(chat);
      throw error;
    }
  }

  async #page(chatCode: string, {signal, onArrival}: ReadOptions = {}) {
    const onData = onArrival && ((data: unknown) => hasNoOlderMessages(data) && onArrival());
    try {
      const {chatOfCode} = await this.#graphql.call('chatPage', {chatCode}, {signal, onData});
      if (!chatOfCode) throw notFound(`No chat ${JSON.stringify(chatCode)} in this account`);
      return pageOf(chatOfCode, chatCode);
    } catch (error) {
      // For an unknown code, Poe responds with "Server Error".
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      throw notFound(`No chat ${JSON.stringify(chatCode)} on Poe (${error.message})`, error);
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

/** Whether the page of a chat, which was not checked, has all of its messages. */
function hasNoOlderMessages(data: unknown): boolean {
  const path = ['chatOfCode', 'messagesConnection', 'pageInfo', 'hasPreviousPage'];
  return path.reduce((value, field) => fieldsOf(value)[field], data) === false;
}

const idOf = ({chatId}: Chat): string => String(chatId);

const contains = (text: string | null, query: string): boolean => text?.toLowerCase().includes(query) ?? false;

const emptyPage = {isEmpty: true, nodes: [], pageInfo: null} satisfies Page<Message>;

function pageOf(chatOfCode: NonNullable<AnswerOf<'chatPage'>['chatOfCode']>, chatCode: string) {
  const {messagesConnection, defaultBotObject, ...chat} = chatOfCode;
  const page = messagesConnection ?? emptyPage;
  return {
    chat: {...chat, chatCode: chat.chatCode ?? chatCode},
    messages: page.nodes,
    price: defaultBotObject?.messagePointLimit?.displayMessagePointPrice ?? null,
    page,
  };
}

const notFound = (message: string, cause?: unknown) =>
  new PoeError('chat_not_found', message, {remedy: 'list_chats', cause});
