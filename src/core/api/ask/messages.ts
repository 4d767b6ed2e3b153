import type {Cost} from '../../account.js';
import type {Messages} from '../../client.js';
import {PoeError} from '../../errors.js';
import type {Journal} from '../../journal.js';
import type {Chat} from '../../model.js';
import type {ChatRef} from '../../chat-ref.js';
import {
  type AttachOptions,
  type CallOptions,
  rejectWebOptions,
  type RetryOptions,
  type SendOptions,
} from '../../options.js';
import {Reply, type ReplyActions} from '../../reply.js';
import {localCodeOf} from '../../local-code.js';
import {webOnly} from '../../web-only.js';
import type {Clock} from '../../http/clock.js';
import {type ApiAccount, fallbackBot} from '../account/account.js';
import {Answer, type Exchange} from './answer.js';
import type {Asked, BotRequests} from './bot-request.js';
import type {LocalChats} from '../chats/local-chats.js';
import type {Files} from './files.js';
import {storedReply, lastExchange} from '../chats/stored-reply.js';
import {type LocalChat, newId, type StoredMessage, titleFrom} from '../chats/chat-log.js';
import {storeQuestion} from '../chats/pending-question.js';
import type {ProtocolChooser} from './choose-protocol.js';

interface ApiParts {
  chats: LocalChats;
  journal: Journal;
  account: ApiAccount;
  clock: Clock;
  routes: ProtocolChooser;
  asking: BotRequests;
  files: Files;
}

/** Sends messages and keeps what is said in local chats. */
export class ApiMessages implements Messages {
  readonly #chats: LocalChats;
  readonly #journal: Journal;
  readonly #account: ApiAccount;
  readonly #clock: Clock;
  readonly #routes: ProtocolChooser;
  readonly #asking: BotRequests;
  readonly #files: Files;

  constructor({chats, journal, account, clock, routes, asking, files}: ApiParts) {
    this.#chats = chats;
    this.#journal = journal;
    this.#account = account;
    this.#clock = clock;
    this.#routes = routes;
    this.#asking = asking;
    this.#files = files;
  }

  /**
   * Sends a message, with what was said in its chat, and comes back when the answer begins. It is asked for again only while
   * nothing has come. Aborting the signal ends the answer.
   * @param to the bot's handle in any letter case. Default: the chat's bot, else `Assistant`
   * @throws PoeError
   */
  async send(text: string, to: string | undefined, options: Omit<SendOptions, 'bot'> = {}): Promise<Reply> {
    rejectWebOptions(options);
    const {files = [], signal} = options;
    if (text.trim() === '') throw new PoeError('usage', 'The message is empty', {hint: 'Write something to send.'});
    const known = options.chat && (await this.#chats.open(options.chat));
    const bot = to ?? known?.chat.bot ?? (await this.#defaultBot(options));
    const local = known ?? this.#chats.begin(bot);
    const route = await this.#routes.to(bot, {...options, hasFiles: files.length > 0 || hasFiles(local.remembered)});
    const {attachments, parts} = await this.#files.bring(files, route.protocol, options);
    const draft: StoredMessage = {
      ...newMessage('human', null),
      text,
      state: 'complete',
      ...(attachments.length > 0 && {attachments}),
    };
    const said = [...local.remembered, draft];
    const at = {chat: {...local.chat, bot}, isNew: !known};
    const leaving = await storeQuestion({chats: this.#chats, journal: this.#journal}, at, draft);
    const asked = await this.#asking
      .ask({...route.question, said}, {...route, parts, signal})
      .catch(async (error: unknown) => {
        await leaving.takeBack();
        throw error;
      });
    const question = this.#timed(draft);
    await leaving.stands(question);
    const {unkept} = leaving;
    const title = local.chat.title ?? titleFrom(text);
    const chat = {...local.chat, title, bot, lastInteractionTime: question.time};
    return this.#reply({chat, question, answer: this.#timed(newMessage('bot', bot)), unkept}, asked, signal);
  }

  /** Has the last message of a local chat answered anew. @throws PoeError `message_not_found` where nothing was said */
  async retry(ref: ChatRef | Chat, options: RetryOptions = {}): Promise<Reply> {
    rejectWebOptions(options);
    const local = await this.#chats.open(ref);
    const {question, answer: old} = lastExchange(local);
    const bot = old?.bot ?? local.chat.bot ?? fallbackBot;
    const said = [...beforeQuestion(local, question), question];
    const route = await this.#routes.to(bot, {...options, hasFiles: hasFiles(said)});
    const asked = await this.#asking.ask({...route.question, said}, {...route, parts: [], signal: options.signal});
    const answer = {...this.#timed(newMessage('bot', bot)), ...(old && {replaces: old.messageId})};
    const chat = {...local.chat, bot, lastInteractionTime: answer.time};
    return this.#reply({chat, question, answer}, asked, options.signal);
  }

  /**
   * The newest reply of a local chat, as it was kept. Following one that broke off throws `reply_lost`.
   * @throws PoeError `message_not_found` where nothing was kept
   */
  async attach(ref: ChatRef | Chat, options: AttachOptions = {}): Promise<Reply> {
    rejectWebOptions(options);
    return storedReply(lastExchange(await this.#chats.open(ref)), this.#actions);
  }

  /** The estimated cost of the last reply of a local chat. */
  async cost(of: string | ChatRef | Chat, options?: CallOptions): Promise<Cost> {
    const {chat, question, answer} = lastExchange(await this.#chats.open(typeof of === 'string' ? {chatCode: of} : of));
    return this.#cost({bot: answer?.bot ?? chat.bot ?? '', time: answer?.time ?? question.time}, options);
  }

  delete(ref: ChatRef | Chat, messageIds: readonly number[]): Promise<void> {
    return this.#chats.deleteMessages(ref, messageIds);
  }

  async cancel(ref: ChatRef | Chat): Promise<void> {
    throw webOnly.cancel(localCodeOf(ref));
  }

  async share(ref: ChatRef | Chat): Promise<string> {
    throw webOnly.share(localCodeOf(ref));
  }

  async previews(of: number | ChatRef | Chat): Promise<string[]> {
    throw webOnly.previews(typeof of === 'number' ? undefined : localCodeOf(of));
  }

  async #defaultBot({onFallbackBot}: Pick<SendOptions, 'onFallbackBot'>): Promise<string> {
    const chosen = await this.#account.chosenBot();
    if (chosen === undefined) onFallbackBot?.(fallbackBot);
    return chosen ?? fallbackBot;
  }

  async #cost(message: {bot: string; time: string}, options?: CallOptions): Promise<Cost> {
    return {points: await this.#account.estimateCost(message, options), isEstimate: true};
  }

  /** By Poe's clock, which has been told by now: what a message has cost is found by its time. */
  #timed(message: StoredMessage): StoredMessage {
    return {...message, time: this.#clock.fromLocal(message.time)};
  }

  #reply(exchange: Exchange, asked: Asked, signal?: AbortSignal): Reply {
    return new Reply(new Answer(exchange, asked, this.#chats, this.#actions, signal));
  }

  readonly #actions: ReplyActions = {
    retry: ({chat}, options) => this.retry(chat, options),
    share: ({chat}) => this.share(chat),
    cost: ({bot, chat}, options) => this.#cost({bot, time: chat.lastInteractionTime ?? ''}, options),
    previews: ({chat}) => this.previews(chat),
    delete: ({chat, userMessage, botMessage}, which) =>
      this.#chats.deleteMessages(chat, idsOf({user: userMessage.messageId, bot: botMessage.messageId}, which)),
    chat: {
      send: (chat, text, {bot, ...options} = {}) => this.send(text, bot, {...options, chat}),
      setTitle: (chat, title) => this.#chats.setTitle(chat, title),
      clearContext: (chat) => this.#chats.clearContext(chat),
      setContextOptimization: (chat) => this.#chats.setContextOptimization(chat),
      delete: (chat) => this.#chats.delete(chat),
    },
  };
}

const idsOf = (ids: Record<'user' | 'bot', number | null>, which: 'user' | 'bot' | 'both'): number[] =>
  (which === 'both' ? (['user', 'bot'] as const) : [which]).flatMap((each) => ids[each] ?? []);

function newMessage(author: 'human' | 'bot', bot: string | null): StoredMessage {
  const time = new Date().toISOString();
  return {type: 'message', messageId: newId(), author, bot, text: '', state: 'incomplete', time};
}

const hasFiles = (said: readonly StoredMessage[]): boolean =>
  said.some(({attachments = []}) => attachments.some(({url}) => url !== null));

/** What the bot is to know of when it answers a question. */
function beforeQuestion({remembered}: LocalChat, {messageId}: StoredMessage): StoredMessage[] {
  const at = remembered.findIndex((each) => each.messageId === messageId);
  return at < 0 ? [] : remembered.slice(0, at);
}
