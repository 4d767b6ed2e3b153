import type {Cost} from '../../account.js';
import type {Messages} from '../../client.js';
import {PoeError} from '../../errors.js';
import {type Journal, noJournal} from '../../journal/journal.js';
import {accountReply, whileReserved} from '../../spending/accounted-reply.js';
import type {Ledger, Reservation} from '../../spending/ledger.js';
import {expensivePoints, priceError} from '../../spending/price.js';
import type {Chat} from '../../model.js';
import {type ChatRef, localCodeOf} from '../../names/chat-ref.js';
import {
  type AttachOptions,
  type CallOptions,
  checkReplyTo,
  checkTemporary,
  rejectWebOptions,
  type RetryOptions,
  type SaveFileOptions,
  type SendOptions,
} from '../../options.js';
import {Reply, type ReplyActions, type TokenUsage} from '../../reply.js';
import {webOnly} from '../../unsupported.js';
import type {UnfinishedReply} from '../../journal/unfinished.js';
import type {Authorize} from '../../files/receive/download.js';
import type {Log} from '../../log/log.js';
import {isContentPath} from '../protocols/media-paths.js';
import {isReadableByBots} from '../protocols/readable-by-bots.js';
import type {Clock} from '../../http/clock.js';
import {type ApiAccount, fallbackBot} from '../account/account.js';
import {ApiReplySource, type Exchange} from './api-reply-source.js';
import type {Api} from '../http/api.js';
import type {BotQuery} from '../protocols/protocol.js';
import type {BotRequestOptions, BotRequests} from './bot-request.js';
import type {StartedReply} from './protocol-requests.js';
import type {LocalChats} from '../chats/local-chats.js';
import {handleOf} from '../../names/bot-name.js';
import {parametersForRetry, parametersToKeep} from './kept-parameters.js';
import type {MessageFiles} from './message-files.js';
import {storedReply, lastExchange} from '../chats/stored-reply.js';
import {type LocalChat, newId, type StoredMessage, titleFromText} from '../chats/chat-log.js';
import {withQuote} from '../chats/quote-message.js';
import {storeQuestion, unstoredQuestion} from '../chats/pending-question.js';
import {estimateCost, estimatePrice, mayCost} from './estimate-price.js';
import type {ChosenProtocol, ProtocolChooser} from './choose-protocol.js';
import type {StartedJob, VideoJobs} from '../videos/jobs.js';
import {notDetachable, VideoMessages} from '../videos/messages.js';
import type {Id} from '../../names/id.js';

interface ApiMessagesDeps {
  api: Api;
  chats: LocalChats;
  journal: Journal;
  ledger: Ledger;
  account: ApiAccount;
  jobs: VideoJobs;
  protocols: ProtocolChooser;
  requests: BotRequests;
  files: MessageFiles;
  exchange: {timeoutMs: number; log: Log};
}

/** Options of `send`, and what programs cannot set. */
export interface ApiSendOptions extends SendOptions {
  /** Where the cost is set aside and counted. Default: the ledger of the client. */
  ledger?: Ledger;
  /** Whether to store the chat, for a temporary one in memory. Default: yes. Without it, the chat cannot be continued. */
  isStored?: boolean;
}

/** Sends messages through the API and stores them in local chats. */
export class ApiMessages implements Messages {
  readonly #chats: LocalChats;
  readonly #journal: Journal;
  readonly #ledger: Ledger;
  readonly #account: ApiAccount;
  readonly #clock: Clock;
  readonly #protocols: ProtocolChooser;
  readonly #requests: BotRequests;
  readonly #files: MessageFiles;
  readonly #videos: VideoMessages;
  readonly #api: Api;
  readonly #jobs: VideoJobs;
  readonly #exchange: {homes: readonly string[]; timeoutMs: number; log: Log};

  constructor(deps: ApiMessagesDeps) {
    const {api, chats, journal, ledger, account, jobs, protocols, requests, files, exchange} = deps;
    this.#api = api;
    this.#jobs = jobs;
    this.#exchange = {...exchange, homes: [api.urlOf('/')]};
    this.#videos = new VideoMessages({api, chats, journal, jobs, actions: this.#actions});
    this.#chats = chats;
    this.#journal = journal;
    this.#ledger = ledger;
    this.#account = account;
    this.#clock = api.clock;
    this.#protocols = protocols;
    this.#requests = requests;
    this.#files = files;
  }

  /**
   * Sends a message with the context of its chat; resolves when the reply starts. Aborting the signal ends the reply.
   * @throws PoeError
   */
  async send(ownText: string, options: ApiSendOptions = {}): Promise<Reply> {
    rejectWebOptions(options, options.chat && localCodeOf(options.chat));
    checkTemporary(options);
    checkReplyTo(options);
    const {files = [], retries, signal, isTemporary = false} = options;
    if (ownText.trim() === '') throw new PoeError('usage', 'The message is empty', {hint: 'Write a message.'});
    this.#requests.prepare();
    const existing = options.chat && (await this.#chats.open(options.chat));
    const named = options.bot === undefined ? undefined : handleOf(options.bot);
    const bot = named ?? existing?.chat.bot ?? (await this.#defaultBot(options));
    const {branchAt, replyTo} = options;
    const text = existing && replyTo !== undefined ? withQuote(existing, replyTo, ownText) : ownText;
    const branch = existing && branchAt !== undefined ? this.#chats.startBranch(existing, branchAt, bot) : undefined;
    const local = branch ?? existing ?? this.#chats.create(bot, {isTemporary});
    const system = options.system ?? local.system;
    const hasFiles = files.length > 0 || local.context.some(hasUploadedFile);
    const length = lengthOf([...local.context, {text}, {text: system ?? ''}]);
    const newFiles = files.length;
    const {query, ...chosen} = await this.#protocols.choose(bot, {...options, hasFiles, newFiles, length});
    if (options.detachable && (chosen.protocol !== 'videos' || isTemporary)) throw notDetachable();
    const texts = [system ?? '', ...local.context.map((each) => each.text), text];
    const reservation = await this.#reserve({query, ...chosen}, texts, options);
    return whileReserved(reservation, async () => {
      const {attachments, parts, image} = await this.#files.prepare(files, chosen.protocol, options);
      const draft: StoredMessage = {
        ...newMessage('human', null),
        text,
        state: 'complete',
        ...(attachments.length > 0 && {attachments}),
        ...parametersToKeep(bot, options),
      };
      const deps = {chats: this.#chats, journal: this.#chats.isTemporary(local.chat) ? noJournal : this.#journal};
      const stored = branch
        ? {chat: branch.chat, isNew: true, system, earlier: branch.context}
        : {chat: {...local.chat, bot}, isNew: !existing, system: options.system};
      // A video is found again by its chat.
      const isStored = options.isStored !== false || chosen.protocol === 'videos';
      const pending = isStored ? await storeQuestion(deps, stored, draft) : unstoredQuestion;
      const request = {...query, system, messages: [...local.context, draft], schema: options.schema};
      const started = await this.#start(request, {...chosen, parts, image, retries, signal}).catch(
        async (error: unknown) => {
          await pending.withdraw();
          throw error;
        },
      );
      const message = this.#withPoeTime(draft);
      const {entry, storeError} = pending;
      const title = local.chat.title ?? titleFromText(text);
      const chat = {...local.chat, title, bot, lastInteractionTime: message.time};
      const exchange = {chat, message, reply: this.#withPoeTime(newMessage('bot', bot)), storeError, isStored};
      if ('job' in started) {
        const confirm = () => pending.confirm(message, {isInFlight: true});
        return this.#videos.begin(exchange, started, {reservation, entry, confirm, signal});
      }
      await pending.confirm(message);
      return this.#reply(exchange, started, {reservation, signal});
    });
  }

  async #start(
    query: BotQuery,
    {image, ...options}: BotRequestOptions & {image?: string | undefined},
  ): Promise<StartedReply | StartedJob> {
    if (options.protocol !== 'videos') return this.#requests.send(query, options);
    return this.#requests.startVideo(query, {...options, image});
  }

  /** Regenerates the last reply of a local chat. @throws PoeError `message_not_found` if the chat is empty */
  async retry(ref: ChatRef | Chat, options: RetryOptions = {}): Promise<Reply> {
    rejectWebOptions(options, localCodeOf(ref));
    const {retries, signal} = options;
    const local = await this.#chats.open(ref);
    const {message, reply: old} = lastExchange(local);
    const bot =
      (options.bot === undefined ? undefined : handleOf(options.bot)) ?? old?.bot ?? local.chat.bot ?? fallbackBot;
    const messages = [...contextBefore(local, message), message];
    const hasFiles = messages.some(hasUploadedFile);
    const length = lengthOf([...messages, {text: local.system ?? ''}]);
    const newFiles = message.attachments?.length ?? 0;
    const parameters = await parametersForRetry(message, bot, options);
    const facts = {hasFiles, newFiles, length};
    const {query, ...chosen} = await this.#protocols.choose(bot, {...options, ...parameters, ...facts});
    const isVideo = chosen.protocol === 'videos';
    if (isVideo && newFiles > 0) throw imageNotStored();
    const texts = [local.system ?? '', ...messages.map(({text}) => text)];
    const reservation = await this.#reserve({query, ...chosen}, texts, options);
    const journal = isVideo && !this.#chats.isTemporary(local.chat) ? this.#journal : noJournal;
    const {chatId} = local.chat;
    const entry = journal.add({clientNonce: null, chatId, bot, sentAt: new Date().toISOString()});
    const request = {...query, system: local.system, messages};
    const started = await whileReserved(reservation, () =>
      this.#start(request, {...chosen, parts: [], retries, signal}),
    ).catch((error: unknown) => {
      entry.remove();
      throw error;
    });
    const reply = {...this.#withPoeTime(newMessage('bot', bot)), ...(old && {replaces: old.messageId})};
    const chat = {...local.chat, bot, lastInteractionTime: reply.time};
    const exchange = {chat, message, reply};
    return 'job' in started
      ? this.#videos.begin(exchange, started, {reservation, entry, signal})
      : this.#reply(exchange, started, {reservation, signal});
  }

  /** The last reply of a local chat, as it is stored. Following one that is incomplete throws `reply_lost`, unless it is a video. */
  async attach(ref: ChatRef | Chat, options: AttachOptions = {}): Promise<Reply> {
    rejectWebOptions(options, localCodeOf(ref));
    const last = lastExchange(await this.#chats.open(ref));
    return this.#videos.attach(last, options) ?? storedReply(last, this.#actions);
  }

  async unfinished(options?: CallOptions): Promise<UnfinishedReply[]> {
    const {unfinishedApiReplies} = await import('../videos/unfinished-replies.js');
    return unfinishedApiReplies({chats: this.#chats, journal: this.#journal, jobs: this.#jobs}, options);
  }

  async saveFile(url: string, path: string, options: SaveFileOptions = {}): Promise<number> {
    const {saveFile} = await import('../../files/receive/save-file.js');
    const readStored = (stored: string) => this.#chats.readFile(stored);
    return saveFile(url, path, {...this.#exchange, ...options, authorize: this.authorize, readStored});
  }

  /** @internal The headers that a URL of the API needs; none for any URL but that of a video. */
  readonly authorize: Authorize = (url) => this.#api.authorize(url, isContentPath);

  /** The estimated cost of the last reply of a local chat. */
  async cost(of: string | ChatRef | Chat, options?: CallOptions): Promise<Cost> {
    const ref = typeof of === 'string' ? {chatCode: of} : of;
    const {chat, message, reply} = lastExchange(await this.#chats.open(ref));
    return this.#cost({bot: reply?.bot ?? chat.bot ?? '', time: reply?.time ?? message.time}, options);
  }

  delete(ref: ChatRef | Chat, messageIds: readonly Id[]): Promise<void> {
    return this.#chats.deleteMessages(ref, messageIds);
  }

  async cancel(ref: ChatRef | Chat): Promise<void> {
    throw webOnly.cancel(localCodeOf(ref));
  }

  async isReplying(ref: ChatRef | Chat): Promise<boolean> {
    throw webOnly.cancel(localCodeOf(ref));
  }

  async share(ref: ChatRef | Chat): Promise<string> {
    throw webOnly.share(localCodeOf(ref));
  }

  citations(): Promise<never> {
    return Promise.reject(webOnly.citations());
  }

  async previews(of: Id | ChatRef | Chat): Promise<string[]> {
    throw webOnly.previews(typeof of !== 'object' ? undefined : localCodeOf(of));
  }

  async #defaultBot({onFallbackBot}: Pick<SendOptions, 'onFallbackBot'>): Promise<string> {
    const chosen = await this.#account.chosenBot();
    if (chosen === undefined) onFallbackBot?.(fallbackBot);
    return chosen ?? fallbackBot;
  }

  async #cost(message: {bot: string; time: string}, options?: CallOptions): Promise<Cost> {
    return {points: await this.#account.estimateCost(message, options), isEstimate: true};
  }

  /** Sets the time by Poe's clock, which is known once a response has arrived: the cost of a reply is found by its time. */
  #withPoeTime(message: StoredMessage): StoredMessage {
    return {...message, time: this.#clock.fromLocal(message.time)};
  }

  /** Checks the price against the limit, and sets it aside in the budget. @throws PoeError `too_expensive`, `over_budget` */
  async #reserve(
    {query: {bot, parameters}, listed}: Pick<ChosenProtocol, 'query' | 'listed'>,
    texts: readonly string[],
    {
      maxPoints,
      onExpensive,
      ledger = this.#ledger,
      signal,
    }: Pick<ApiSendOptions, 'maxPoints' | 'onExpensive' | 'ledger' | 'signal'>,
  ): Promise<Reservation> {
    const price = async () => estimatePrice(listed ?? (await this.#protocols.find(bot, {signal})), {texts, parameters});
    const tooExpensive = maxPoints === undefined ? undefined : priceError(bot, await price(), maxPoints);
    if (tooExpensive) throw tooExpensive;
    if (onExpensive && listed && mayCost(expensivePoints, listed, texts)) {
      const {points} = await price();
      if (points !== null && points >= expensivePoints) await onExpensive(points);
    }
    const costOf = (usage: TokenUsage | null) => estimateCost(listed, usage);
    return ledger.reserve({via: 'api', bot, price, costOf}, {signal});
  }

  #reply(
    exchange: Exchange,
    started: StartedReply,
    {reservation, signal}: {reservation: Reservation; signal: AbortSignal | undefined},
  ): Reply {
    const source = new ApiReplySource(exchange, started, {chats: this.#chats, actions: this.#actions, signal});
    return new Reply(accountReply(source, reservation));
  }

  readonly #actions: ReplyActions = {
    retry: ({chat}, options) => this.retry(chat, options),
    share: ({chat}) => this.share(chat),
    cost: ({bot, chat}, options) => this.#cost({bot, time: chat.lastInteractionTime ?? ''}, options),
    previews: ({chat}) => this.previews(chat),
    delete: ({chat, userMessage, botMessage}, which) =>
      this.#chats.deleteMessages(chat, idsOf({user: userMessage.messageId, bot: botMessage.messageId}, which)),
    chat: {
      send: (chat, text, options) => this.send(text, {...options, chat}),
      setTitle: (chat, title) => this.#chats.setTitle(chat, title),
      clearContext: (chat) => this.#chats.clearContext(chat),
      setContextOptimization: (chat) => this.#chats.setContextOptimization(chat),
      delete: (chat) => this.#chats.delete(chat),
    },
  };
}

const idsOf = (ids: Record<'user' | 'bot', Id | null>, which: 'user' | 'bot' | 'both'): Id[] =>
  (which === 'both' ? (['user', 'bot'] as const) : [which]).flatMap((each) => ids[each] ?? []);

function newMessage(author: 'human' | 'bot', bot: string | null): StoredMessage {
  const time = new Date().toISOString();
  return {type: 'message', messageId: newId(), author, bot, text: '', state: 'incomplete', time};
}

const imageNotStored = (): PoeError =>
  new PoeError('usage', 'The image of this message is not stored, so its video cannot be made again', {
    hint: 'Send the message again with its image.',
  });

const lengthOf = (messages: readonly Pick<StoredMessage, 'text'>[]): number =>
  messages.reduce((sum, {text}) => sum + Buffer.byteLength(text), 0);

const hasUploadedFile = ({attachments = []}: StoredMessage): boolean =>
  attachments.some(({url}) => isReadableByBots(url));

/** The context of a message; empty if the context was cleared after it. */
function contextBefore({context}: LocalChat, {messageId}: StoredMessage): StoredMessage[] {
  const index = context.findIndex((message) => message.messageId === messageId);
  return index < 0 ? [] : context.slice(0, index);
}
