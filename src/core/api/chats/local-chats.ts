import type {ChatLocations, LocalChatStore} from '../../client.js';
import {PoeError} from '../../errors.js';
import type {Chat, Message} from '../../model.js';
import type {ChatRef} from '../../chat-ref.js';
import type {CallOptions, ListOptions, PurgeOptions, SearchOptions} from '../../options.js';
import {webOnly} from '../../web-only.js';
import type {ChatFiles} from './chat-files.js';
import {type Entry, toLine, type LocalChat, messageOf, newId, parseChatLog} from './chat-log.js';
import {isLocalCode, localCode, localCodeOf, localId} from '../../local-code.js';

const now = () => new Date().toISOString();

/**
 * Chats that are kept on this machine, for Poe's API keeps none: what was said is sent along each time. They are not on
 * poe.com. Each method throws PoeError.
 */
export class LocalChats implements LocalChatStore {
  readonly #files: ChatFiles;

  constructor(files: ChatFiles) {
    this.#files = files;
  }

  /** Whether a chat is one of these. */
  async has(ref: ChatRef | Chat): Promise<boolean> {
    const code = localCodeOf(ref);
    return isLocalCode(code) && (await this.#files.read(code)) !== undefined;
  }

  /** @internal A chat with a bot, which is on no disk before something is said in it. */
  begin(bot: string): LocalChat {
    const chatId = newId();
    const chat = {
      id: localId(chatId),
      chatId,
      chatCode: localCode(chatId),
      title: null,
      bot,
      lastInteractionTime: now(),
    };
    return {chat, said: [], remembered: []};
  }

  /** @internal @throws PoeError `chat_not_found` where the chat is gone meanwhile */
  async add(ref: ChatRef | Chat, ...entries: Entry[]): Promise<void> {
    const isNew = entries[0]?.type === 'chat';
    if (!(await this.#files.append(localCodeOf(ref), entries.map(toLine).join(''), {isNew}))) throw notHere(ref);
  }

  /** @internal @throws PoeError `chat_not_found` */
  async open(ref: ChatRef | Chat): Promise<LocalChat> {
    const code = localCodeOf(ref);
    const text = isLocalCode(code) ? await this.#files.read(code) : undefined;
    const opened = text === undefined ? undefined : parseChatLog(code, text);
    if (opened) return opened;
    throw notHere(ref);
  }

  async find(ref: ChatRef | Chat, _options?: CallOptions): Promise<Chat> {
    return (await this.open(ref)).chat;
  }

  /** Newest first. */
  async *history({limit = Number.POSITIVE_INFINITY}: ListOptions = {}): AsyncGenerator<Chat, void, undefined> {
    yield* (await this.#all()).slice(0, limit).map(({chat}) => chat);
  }

  async *byBot(name: string, {limit = Number.POSITIVE_INFINITY}: ListOptions = {}) {
    const chats = (await this.#all()).filter(({chat}) => chat.bot?.toLowerCase() === name.toLowerCase());
    yield* chats.slice(0, limit).map(({chat}) => chat);
  }

  async *search(text: string, options: SearchOptions = {}): AsyncGenerator<Chat, void, undefined> {
    const {inMessages = false, among, limit = Number.POSITIVE_INFINITY} = options;
    const has = (said: string | null) => said?.toLowerCase().includes(text.toLowerCase()) ?? false;
    const fits = ({chat, said}: LocalChat) => has(chat.title) || (inMessages && said.some((each) => has(each.text)));
    const found = (await this.#all()).slice(0, among).filter(fits);
    yield* found.slice(0, limit).map(({chat}) => chat);
  }

  /** A chat, and its messages, newest first. */
  async read(ref: ChatRef | Chat, {limit = Number.POSITIVE_INFINITY}: ListOptions = {}) {
    const {chat, said} = await this.open(ref);
    const messages = said.toReversed().slice(0, limit).map(messageOf);
    return {chat, messages: iterated(messages)};
  }

  /** @returns the chat with its new title */
  async setTitle(ref: ChatRef | Chat, title: string, _options?: CallOptions): Promise<Chat> {
    if (title.trim() === '') throw new PoeError('usage', 'The title is empty', {hint: 'Write something to call it.'});
    const {chat} = await this.open(ref);
    await this.add(chat, {type: 'title', title});
    return {...chat, title};
  }

  /** Has what was said so far sent along no more; the messages stay. */
  async clearContext(ref: ChatRef | Chat, _options?: CallOptions): Promise<void> {
    const {chat} = await this.open(ref);
    await this.add(chat, {type: 'break', time: now()});
  }

  /** Deletes a chat for good. */
  async delete(ref: ChatRef | Chat, _options?: CallOptions): Promise<void> {
    const {chat} = await this.open(ref);
    await this.#files.remove(localCodeOf(chat));
  }

  /** Deletes messages for good. @throws PoeError `message_not_found` where one is not in the chat; then none is deleted */
  async deleteMessages(ref: ChatRef | Chat, messageIds: readonly number[]): Promise<void> {
    const {chat, said} = await this.open(ref);
    const missing = messageIds.find((id) => !said.some(({messageId}) => messageId === id));
    if (missing !== undefined) {
      throw new PoeError('message_not_found', `There is no message ${missing} in the chat`, {
        hint: 'poe history show <chat> --json lists the messages with their numbers.',
      });
    }
    await this.add(chat, {type: 'delete', messageIds: [...messageIds]});
  }

  async setContextOptimization(ref: ChatRef | Chat): Promise<void> {
    throw webOnly.contextOptimization(localCodeOf(ref));
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
    return {poe: false, local: (await this.#all()).length > 0};
  }

  async #all(): Promise<LocalChat[]> {
    const all: LocalChat[] = [];
    for (const code of await this.#files.codes()) {
      const opened = parseChatLog(code, (await this.#files.read(code)) ?? '');
      if (opened && opened.said.length > 0) all.push(opened);
    }
    return all.toSorted((a, b) => time(b).localeCompare(time(a)));
  }
}

function notHere(ref: ChatRef | Chat): PoeError {
  const name = 'chatId' in ref && !('id' in ref) ? String(ref.chatId) : localCodeOf(ref);
  return new PoeError('chat_not_found', `There is no chat ${name} on this machine`, {
    hint: 'Chats of an API key are kept here and are not on poe.com: poe history --via api lists them.',
  });
}

const time = ({chat}: LocalChat): string => chat.lastInteractionTime ?? '';

async function* iterated(messages: Message[]): AsyncGenerator<Message> {
  yield* messages;
}
