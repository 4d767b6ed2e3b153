import {interruption, PoeError} from '../errors.js';
import type {Chat} from '../model.js';
import type {CallOptions} from '../options.js';
import {Reply, type ReplyActions} from '../reply.js';
import type {ChatRef} from '../web/chats.js';
import type {ApiAccount} from './account.js';
import type {Api, Streamed} from './api.js';
import {Answer, type Exchange} from './answer.js';
import type {LocalChats} from './chats.js';
import {likelyCost} from './cost.js';
import type {Part} from './files.js';
import {keptReply, lastExchange} from './kept.js';
import {type LocalChat, newNumber, type Said, titleFrom} from './journal.js';
import {bare, type Models} from './models.js';
import {checkedParameters} from './parameters.js';

export interface ApiSendOptions extends CallOptions {
  /** The chat to go on with; without one a new local chat is begun. */
  chat?: ChatRef | Chat;
  /** Local files and http(s) addresses, up to 20,000,000 bytes in all. They are sent once, and not kept in the chat. */
  files?: readonly (string | URL)[];
  /** What the bot is to be told besides, by the names that the list of bots has; checked before anything is sent. */
  parameters?: Readonly<Record<string, string>>;
}

/** Sends messages by chat completions and keeps what is said in local chats. */
export class ApiMessages {
  /** The bot that is asked where none is named: the API knows of no default. */
  readonly defaultBot = 'Assistant';
  readonly #api: Api;
  readonly #models: Models;
  readonly #chats: LocalChats;
  readonly #account: ApiAccount;
  readonly #timeoutMs: number;

  constructor(api: Api, models: Models, chats: LocalChats, account: ApiAccount, timeoutMs: number) {
    this.#account = account;
    this.#api = api;
    this.#models = models;
    this.#chats = chats;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends a message, with what was said in its chat, and comes back when the answer begins. It is asked for again only while
   * nothing has come. Aborting the signal ends the answer.
   * @param to the bot's handle in any letter case. Default: the chat's bot, else `Assistant`
   * @throws PoeError
   */
  async send(text: string, to: string | undefined, options: ApiSendOptions = {}): Promise<Reply> {
    const {files = [], signal} = options;
    if (text.trim() === '') throw new PoeError('usage', 'The message is empty', {hint: 'Write something to send.'});
    const known = options.chat && (await this.#chats.open(options.chat));
    const bot = to ?? known?.chat.bot ?? this.defaultBot;
    const parameters = await this.#parameters(bot, options);
    const parts = files.length > 0 ? await this.#parts(files, signal) : [];
    const local = known ?? this.#chats.begin(bot);
    const question: Said = {...newMessage('human', null), text, state: 'complete'};
    const content = parts.length > 0 ? [{type: 'text' as const, text}, ...parts] : text;
    const messages = [...local.remembered.map(spoken), {role: 'user', content}];
    const streamed = await this.#ask(bot, messages, parameters, signal);
    try {
      const beginning = known ? [] : [{type: 'chat' as const, bot, time: question.time}];
      await this.#chats.add(local.chat, ...beginning, question);
    } catch (error) {
      streamed.close();
      throw error;
    }
    const title = local.chat.title ?? titleFrom(text);
    const chat = {...local.chat, title, bot, lastInteractionTime: question.time};
    return this.#reply({chat, question, answer: newMessage('bot', bot)}, streamed, signal);
  }

  /** Has the last message of a local chat answered anew. @throws PoeError `message_not_found` where nothing was said */
  async retry(ref: ChatRef | Chat, options: Omit<ApiSendOptions, 'chat' | 'files'> = {}): Promise<Reply> {
    const local = await this.#chats.open(ref);
    const {question, answer: old} = lastExchange(local);
    const bot = old?.bot ?? local.chat.bot ?? this.defaultBot;
    const parameters = await this.#parameters(bot, options);
    const messages = [...beforeQuestion(local, question).map(spoken), spoken(question)];
    const streamed = await this.#ask(bot, messages, parameters, options.signal);
    const answer = {...newMessage('bot', bot), ...(old && {replaces: old.messageId})};
    const chat = {...local.chat, bot, lastInteractionTime: answer.time};
    return this.#reply({chat, question, answer}, streamed, options.signal);
  }

  /**
   * The newest reply of a local chat, as it was kept. Following one that broke off throws `reply_lost`.
   * @throws PoeError `message_not_found` where nothing was kept
   */
  async attach(ref: ChatRef | Chat, _options?: CallOptions): Promise<Reply> {
    return keptReply(lastExchange(await this.#chats.open(ref)), this.#actions);
  }

  /** Points that the newest reply of a local chat has cost, as well as can be told; null where Poe does not tell (yet). */
  async cost(ref: ChatRef | Chat, options?: CallOptions): Promise<number | null> {
    const {chat, question, answer} = lastExchange(await this.#chats.open(ref));
    return likelyCost(
      this.#account,
      {bot: answer?.bot ?? chat.bot ?? '', time: answer?.time ?? question.time},
      options,
    );
  }

  async #parameters(bot: string, {parameters = {}, signal}: ApiSendOptions): Promise<Record<string, unknown>> {
    if (Object.keys(parameters).length === 0) return {};
    return checkedParameters(parameters, await this.#models.info(bot, {signal}));
  }

  async #parts(files: readonly (string | URL)[], signal?: AbortSignal): Promise<Part[]> {
    const {fileParts} = await import('./files.js');
    return fileParts(files, {timeoutMs: this.#timeoutMs, log: this.#api.log, signal});
  }

  async #ask(
    bot: string,
    messages: readonly unknown[],
    parameters: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<Streamed> {
    const model = bot.split('/').at(-1) ?? bot;
    const body = {...parameters, model, messages, stream: true, stream_options: {include_usage: true}};
    try {
      return await this.#api.post('/v1/chat/completions', body, {signal});
    } catch (error) {
      if (!(error instanceof PoeError && error.code === 'bot_not_found')) throw error;
      const hint = await this.#nearby(bot, signal);
      throw new PoeError('bot_not_found', `There is no bot ${bare(bot) === bot.toLowerCase() ? bot : model}`, {
        hint,
        cause: error,
      });
    }
  }

  /** What else may be meant; that is worth no other failure. */
  async #nearby(bot: string, signal?: AbortSignal): Promise<string | undefined> {
    try {
      await this.#models.info(bot, {signal});
      return 'Poe lists it, but does not answer for it.';
    } catch (error) {
      if (signal?.aborted) throw interruption(signal);
      return error instanceof PoeError && error.code === 'bot_not_found' ? error.hint : undefined;
    }
  }

  #reply(exchange: Exchange, streamed: Streamed, signal?: AbortSignal): Reply {
    return new Reply(new Answer(exchange, streamed, this.#chats, this.#actions, signal));
  }

  readonly #actions: ReplyActions = {
    retry: ({chat}, options) => this.retry(chat, options),
    share: () => Promise.reject(webOnly('Public links')),
    cost: ({bot, chat}, options) => likelyCost(this.#account, {bot, time: chat.lastInteractionTime ?? ''}, options),
    previews: () => Promise.reject(webOnly('Links to apps')),
    delete: ({chat, userMessage, botMessage}, which) =>
      this.#chats.deleteMessages(chat, idsOf({user: userMessage.messageId, bot: botMessage.messageId}, which)),
    chat: {
      send: (chat, text, {bot, files, signal} = {}) => this.send(text, bot, {files, signal, chat}),
      setTitle: (chat, title) => this.#chats.setTitle(chat, title),
      clearContext: (chat) => this.#chats.clearContext(chat),
      setContextOptimization: () => Promise.reject(webOnly('Context optimization')),
      delete: (chat) => this.#chats.delete(chat),
    },
  };
}

const idsOf = (ids: Record<'user' | 'bot', number | null>, which: 'user' | 'bot' | 'both'): number[] =>
  (which === 'both' ? (['user', 'bot'] as const) : [which]).flatMap((each) => ids[each] ?? []);

/** What only the browser's session can do. */
const webOnly = (what: string): PoeError =>
  new PoeError('not_logged_in', `${what} cannot be had with an API key: that needs the session of a browser`, {
    hint: 'Log in with: poe login',
  });

function newMessage(author: 'human' | 'bot', bot: string | null): Said {
  const time = new Date().toISOString();
  return {type: 'message', messageId: newNumber(), author, bot, text: '', state: 'incomplete', time};
}

const spoken = ({author, text}: Said) => ({role: author === 'human' ? 'user' : 'assistant', content: text});

/** What the bot is to know of when it answers a question. */
function beforeQuestion({remembered}: LocalChat, {messageId}: Said): Said[] {
  const at = remembered.findIndex((each) => each.messageId === messageId);
  return at < 0 ? [] : remembered.slice(0, at);
}
