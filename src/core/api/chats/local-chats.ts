import {extname} from 'node:path';
import {parseBotName} from '../../names/bot-name.js';
import type {ChatLocations, LocalChatStore} from '../../client.js';
import {PoeError} from '../../errors.js';
import type {Chat, Message} from '../../model.js';
import {type ChatRef, isLocalCode, localCode, localCodeOf, localId} from '../../names/chat-ref.js';
import type {CallOptions, ListOptions, MessageRef, PurgeOptions, SearchOptions} from '../../options.js';
import {webOnly} from '../../unsupported.js';
import {readLocalUrl} from '../../files/stored-file.js';
import type {AppendOptions, ChatFiles} from './chat-files.js';
import type {StoredFile} from './stored-files.js';
import {
  type Entry,
  toLine,
  type LocalChat,
  newId,
  parseChatLog,
  type StoredMessage,
  titleFromText,
  toMessage,
} from './chat-log.js';
import type {Id} from '../../names/id.js';
import {branchEntries, copyOf} from './branch-entries.js';
import type {ChatCopy} from '../../chat-copy.js';
import {newestFirst} from './newest-first.js';
import {TemporaryChats} from './temporary-chats.js';

/** The entries that are written with a message. */
const messageParts: ReadonlySet<Entry['type']> = new Set(['chat', 'system', 'message', 'more']);

const now = () => new Date().toISOString();

/**
 * Chats stored on this machine. Poe's API stores none, so the context is sent with every message. They are not on poe.com. Each
 * method throws PoeError.
 */
export class LocalChats implements LocalChatStore {
  readonly #files: TemporaryChats;

  constructor(files: ChatFiles) {
    this.#files = new TemporaryChats(files);
  }

  /** Whether a chat is one of these. */
  async has(ref: ChatRef | Chat): Promise<boolean> {
    const code = localCodeOf(ref);
    return isLocalCode(code) && (await this.#files.read(code)) !== undefined;
  }

  /** @internal Whether a chat is only in memory. */
  isTemporary(chat: Chat): boolean {
    return this.#files.isTemporary(localCodeOf(chat));
  }

  /** @internal Creates a chat. It is not stored before its first message, and never if it is temporary. */
  create(bot: string, {isTemporary = false}: {isTemporary?: boolean} = {}): LocalChat {
    const chatId = newId();
    if (isTemporary) this.#files.keepInMemory(localCode(chatId));
    const chat = {
      id: localId(chatId),
      chatId,
      chatCode: localCode(chatId),
      title: null,
      bot,
      lastInteractionTime: now(),
    };
    return {chat, messages: [], context: []};
  }

  /**
   * @internal Starts a chat with copies of the messages of another one before a message. It is not stored before its first own
   * message. @throws PoeError `message_not_found`
   */
  startBranch({chat, system, context, messages}: LocalChat, at: Id, bot: string): LocalChat {
    const all = context.some(({messageId}) => messageId === at) ? context : messages;
    const end = all.findIndex(({messageId}) => messageId === at);
    if (end === -1) throw noMessage(at, chat);
    const copies = all.slice(0, end).map(copyOf);
    const local = this.create(bot, {isTemporary: this.isTemporary(chat)});
    const title = titleFromText(copies[0]?.text);
    return {chat: {...local.chat, title}, messages: copies, context: copies, ...(system !== undefined && {system})};
  }

  /** @internal Appends to the log of a chat. @throws PoeError `chat_not_found` if the chat was deleted */
  async add(ref: ChatRef | Chat, ...entries: Entry[]): Promise<void> {
    await this.#append(ref, entries);
  }

  async #append(
    ref: ChatRef | Chat,
    entries: readonly Entry[],
    {time}: Pick<AppendOptions, 'time'> = {},
  ): Promise<void> {
    const isNew = entries[0]?.type === 'chat';
    const isMessage = entries.every(({type}) => messageParts.has(type));
    const lines = entries.map(toLine).join('');
    if (!(await this.#files.append(localCodeOf(ref), lines, {isNew, isMessage, time}))) throw chatNotFound(ref);
  }

  /**
   * @internal Stores the files of a message that are inside their URLs, so that the log of the chat stays small. Those that cannot be
   * stored remain where they are.
   */
  async storeFiles(chat: Chat, messageId: Id, files: readonly StoredFile[]): Promise<readonly StoredFile[]> {
    const code = localCodeOf(chat);
    const media = this.#files.isTemporary(code) ? undefined : this.#files.media;
    if (!media || !files.some(({url}) => url?.startsWith('data:'))) return files;
    return Promise.all(
      files.map(async (file, index) => {
        if (!file.url?.startsWith('data:')) return file;
        const name = `${messageId}-${index + 1}${extname(file.name ?? '')}`;
        const bytes = await readLocalUrl(file.url, undefined);
        return {...file, url: await media.store(code, name, bytes).catch(() => file.url)};
      }),
    );
  }

  /** Reads a file of a message by its `file:` URL. @returns undefined if no chat stores it */
  async readFile(url: string): Promise<Uint8Array | undefined> {
    return this.#files.media?.read(url);
  }

  /** @internal @throws PoeError `chat_not_found` */
  async open(ref: ChatRef | Chat): Promise<LocalChat> {
    const code = localCodeOf(ref);
    const text = isLocalCode(code) ? await this.#files.read(code) : undefined;
    const local = text === undefined ? undefined : parseChatLog(code, text);
    if (local) return local;
    throw chatNotFound(ref);
  }

  async find(ref: ChatRef | Chat, _options?: CallOptions): Promise<Chat> {
    return (await this.open(ref)).chat;
  }

  async *history({limit = Number.POSITIVE_INFINITY}: ListOptions = {}): AsyncGenerator<Chat, void, undefined> {
    yield* this.#list(() => true, {limit});
  }

  async *byBot(bot: string, {limit = Number.POSITIVE_INFINITY}: ListOptions = {}) {
    const name = parseBotName(bot).toLowerCase();
    yield* this.#list(({chat}) => chat.bot?.toLowerCase() === name, {limit});
  }

  async *search(text: string, options: SearchOptions = {}): AsyncGenerator<Chat, void, undefined> {
    const {inMessages = false, among, limit = Number.POSITIVE_INFINITY} = options;
    const contains = (other: string | null) => other?.toLowerCase().includes(text.toLowerCase()) ?? false;
    const matches = ({chat, messages}: LocalChat) =>
      contains(chat.title) || (inMessages && messages.some((message) => contains(message.text)));
    yield* this.#list(matches, {limit, among});
  }

  async read(ref: ChatRef | Chat, {limit = Number.POSITIVE_INFINITY}: ListOptions = {}) {
    const {chat, messages} = await this.open(ref);
    return {chat, messages: iterate(messages.toReversed().slice(0, limit).map(toMessage))};
  }

  async setTitle(ref: ChatRef | Chat, title: string, _options?: CallOptions): Promise<Chat> {
    if (title.trim() === '') throw new PoeError('usage', 'The title is empty', {hint: 'Enter a title.'});
    const {chat} = await this.open(ref);
    await this.add(chat, {type: 'title', title});
    return {...chat, title};
  }

  async branch(ref: ChatRef | Chat, at: MessageRef, _options?: CallOptions): Promise<Chat> {
    const original = await this.open(ref);
    const last = findStored(original, at);
    const {chat} = this.create(last.bot ?? original.chat.bot ?? '', {
      isTemporary: this.#files.isTemporary(localCodeOf(original.chat)),
    });
    await this.add(chat, ...branchEntries(original, last, {bot: chat.bot ?? '', time: now()}));
    return this.find(chat);
  }

  async clearContext(ref: ChatRef | Chat, _options?: CallOptions): Promise<void> {
    const {chat} = await this.open(ref);
    await this.add(chat, {type: 'break', time: now()});
  }

  async delete(ref: ChatRef | Chat, _options?: CallOptions): Promise<void> {
    const code = localCodeOf(ref);
    // A batch deletes a temporary chat after each reply.
    if (!this.#files.isTemporary(code)) await this.open(ref);
    await this.#files.remove(code);
  }

  async deleteMessages(ref: ChatRef | Chat, messageIds: readonly Id[]): Promise<void> {
    const {chat, messages} = await this.open(ref);
    const missing = messageIds.find((id) => !messages.some(({messageId}) => messageId === id));
    if (missing !== undefined) throw noMessage(missing, chat);
    const ids = messages.map(({messageId}) => messageId).filter((id) => messageIds.includes(id));
    await this.add(chat, {type: 'delete', messageIds: ids});
    for (const id of ids) await this.#files.media?.remove(localCodeOf(chat), `${id}-`);
  }

  async setContextOptimization(ref: ChatRef | Chat): Promise<void> {
    throw webOnly.contextOptimization(localCodeOf(ref));
  }

  async restore(copy: ChatCopy, options: {bot?: string | undefined} = {}): Promise<{chat: Chat; isNew: boolean}> {
    const {chatIdOf, copyEntries} = await import('./exports/copy-entries.js');
    const chatId = chatIdOf(copy);
    const bot = options.bot === undefined ? copy.bot : parseBotName(options.bot);
    const isNew = !(await this.has({chatId}));
    if (isNew) {
      const entries = copyEntries(copy, bot, now());
      const time = entries.findLast((entry) => entry.type === 'message')?.time;
      await this.#append({chatId}, entries, {time});
    }
    return {chat: await this.find({chatId}), isNew};
  }

  async import(): Promise<Chat> {
    throw webOnly.importChat();
  }

  async purge({onDeleted}: PurgeOptions = {}): Promise<void> {
    for (const chatCode of (await this.#files.codes()).filter(isLocalCode)) {
      await this.#files.remove(chatCode);
      await onDeleted?.({chatCode});
    }
  }

  async locations(): Promise<ChatLocations> {
    for await (const _chat of this.history({limit: 1})) return {poe: false, local: true};
    return {poe: false, local: false};
  }

  /** The chats that match, newest first. @param options.among how many chats are looked at */
  async *#list(
    matches: (local: LocalChat) => boolean,
    {limit, among = Number.POSITIVE_INFINITY}: {limit: number; among?: number | undefined},
  ): AsyncGenerator<Chat, void, undefined> {
    let [left, unseen] = [limit, among];
    if (left < 1 || unseen < 1) return;
    for await (const local of newestFirst(this.#files)) {
      unseen--;
      if (matches(local)) {
        yield local.chat;
        left--;
      }
      if (left < 1 || unseen < 1) return;
    }
  }
}

/** A message of a chat. @throws PoeError `message_not_found` */
export function findStored({chat, messages}: LocalChat, which: MessageRef): StoredMessage {
  const found = which === 'last' ? messages.at(-1) : messages.find(({messageId}) => messageId === which);
  if (found) return found;
  throw which === 'last' ? noMessages(chat) : noMessage(which, chat);
}

const noMessages = (chat: Chat): PoeError =>
  new PoeError('message_not_found', 'The chat has no messages', {remedy: 'send_message', chat: localCodeOf(chat)});

const noMessage = (id: Id, chat: Chat): PoeError =>
  new PoeError('message_not_found', `No message ${id} in the chat`, {
    remedy: 'list_messages',
    chat: localCodeOf(chat),
  });

function chatNotFound(ref: ChatRef | Chat): PoeError {
  const name = 'chatId' in ref && !('id' in ref) ? String(ref.chatId) : JSON.stringify(localCodeOf(ref));
  return new PoeError('chat_not_found', `No chat ${name} on this machine`, {
    hint: 'Chats with an API key are stored on the machine where they were started.',
    remedy: 'list_local_chats',
  });
}

async function* iterate(messages: Message[]): AsyncGenerator<Message> {
  yield* messages;
}
