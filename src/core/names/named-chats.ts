import {type ChatRef, parseChatRef} from './chat-ref.js';
import type {ChatArchive} from '../archive/archive.js';
import type {Chats, Client, Messages} from '../client.js';
import {PoeError} from '../errors.js';
import {checkOptions} from '../input/check-options.js';
import type {Chat} from '../model.js';
import type {CallOptions, SendOptions} from '../options.js';
import type {Reply} from '../reply.js';
import {passedId} from './id.js';

/**
 * A chat: an object, or its number, code or URL as text, or `last`. That is the chat of the last message that this client sent, or
 * else the newest chat.
 */
export type ChatName = ChatRef | Chat | string;

/** The parts of a client that take chats, for callers that name them as text. */
export function acceptChatNames(client: Client): Pick<Client<ChatName>, 'send' | 'messages' | 'chats' | 'archive'> {
  const names = new ChatNames(client.chats);
  return {
    send: (text, options) => names.send(client, text, options),
    messages: namedMessages(client.messages, names),
    chats: namedChats(client.chats, names),
    archive: namedArchive(client.archive, names),
  };
}

class ChatNames {
  readonly #chats: Chats;
  #last: Chat | undefined;

  constructor(chats: Chats) {
    this.#chats = chats;
  }

  /** @throws PoeError `usage`, `chat_not_found` */
  async resolve(chat: ChatName, {signal}: CallOptions = {}): Promise<ChatRef | Chat> {
    if (chat === 'last') return this.#last ?? this.#newest(signal);
    if (typeof chat === 'string') return parseChatRef(chat);
    // Callers without types may pass anything.
    if (typeof chat === 'object' && chat !== null && ('chatId' in chat || 'chatCode' in chat)) return chat;
    throw new PoeError('usage', 'The chat is missing', {
      hint: 'Pass a chat, {chatId}, {chatCode}, or an ID, code or URL as text.',
    });
  }

  async send(client: Client, text: string, options: SendOptions<ChatName> = {}): Promise<Reply> {
    // Callers without types may pass anything.
    if (typeof text !== 'string') throw new PoeError('usage', 'The message is not text', {hint: 'Pass a string.'});
    checkOptions('send', options, {bot: 'text?', files: 'list?', maxPoints: 'number?', signal: 'signal?'});
    const {chat: name, ...rest} = options;
    const chat = name === undefined ? undefined : await this.resolve(name, options);
    return this.remember(await client.send(text, {...rest, chat}));
  }

  remember(reply: Reply): Reply {
    this.#last = reply.chat.toJSON();
    return reply;
  }

  async #newest(signal: AbortSignal | undefined): Promise<Chat> {
    for await (const chat of this.#chats.history({limit: 1, signal})) return chat;
    throw new PoeError('chat_not_found', 'There is no chat yet', {remedy: 'choose_chat'});
  }
}

const namedMessages = (messages: Messages, names: ChatNames): Messages<ChatName> => ({
  retry: async (chat, options) => names.remember(await messages.retry(await names.resolve(chat, options), options)),
  attach: async (chat, options) => messages.attach(await names.resolve(chat, options), options),
  cancel: async (chat, options) => messages.cancel(await names.resolve(chat, options), options),
  isReplying: async (chat, options) => messages.isReplying(await names.resolve(chat, options), options),
  unfinished: (options) => messages.unfinished(options),
  saveFile: (url, path, options) => messages.saveFile(url, path, options),
  citations: (messageId, options) => messages.citations(messageId, options),
  delete: async (chat, ids, options) => messages.delete(await names.resolve(chat, options), ids, options),
  share: async (chat, ids, options) => messages.share(await names.resolve(chat, options), ids, options),
  cost: async (of, options) =>
    messages.cost(typeof of === 'string' && !isChatName(of) ? of : await names.resolve(of, options), options),
  previews: async (of, options) =>
    messages.previews(typeof of === 'number' ? of : (passedId(of) ?? (await names.resolve(of, options))), options),
});

/** Whether a text names a chat, rather than being the code of a message. */
const isChatName = (text: string): boolean => text === 'last' || text.includes('/chat/');

/** A chat without a code is found by its number. */
const toRef = (chat: ChatRef | Chat): ChatRef =>
  'chatCode' in chat && chat.chatCode !== null
    ? {chatCode: chat.chatCode}
    : 'chatId' in chat
      ? {chatId: chat.chatId}
      : chat;

const namedArchive = (archive: ChatArchive, names: ChatNames): ChatArchive<ChatName> => ({
  sync: (options) => archive.sync(options),
  search: (words, options) => archive.search(words, options),
  chats: () => archive.chats(),
  messages: async function* (chat) {
    yield* archive.messages(await names.resolve(chat));
  },
  statistics: (by, options) => archive.statistics(by, options),
  lastSync: () => archive.lastSync(),
});

const namedChats = (chats: Chats, names: ChatNames): Chats<ChatName> => ({
  find: async (chat, options) => chats.find(toRef(await names.resolve(chat, options)), options),
  history: (options) => chats.history(options),
  byBot: (bot, options) => chats.byBot(bot, options),
  search: (text, options) => chats.search(text, options),
  read: async (chat, options) => chats.read(await names.resolve(chat, options), options),
  setTitle: async (chat, title, options) => chats.setTitle(await names.resolve(chat, options), title, options),
  branch: async (chat, at, options) => chats.branch(await names.resolve(chat, options), at, options),
  clearContext: async (chat, options) => chats.clearContext(await names.resolve(chat, options), options),
  setContextOptimization: async (chat, isOn, options) =>
    chats.setContextOptimization(await names.resolve(chat, options), isOn, options),
  delete: async (chat, options) => chats.delete(await names.resolve(chat, options), options),
  purge: (options) => chats.purge(options),
  import: (share, options) => chats.import(share, options),
  locations: () => chats.locations(),
});
