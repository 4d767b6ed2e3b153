import type {Cost} from '../../account.js';
import {type ChatRef, isSameChat} from '../../chat-ref.js';
import type {Messages} from '../../client.js';
import {type ErrorCode, interruption, PoeError} from '../../errors.js';
import type {OpenOptions} from '../../files/attachments.js';
import type {OutgoingFile} from '../../files/outgoing-file.js';
import {type Journal, journalReply, noJournal, partialReplySource, type PendingMessage} from '../../journal.js';
import type {Chat, Message} from '../../model.js';
import {type CallOptions, rejectApiOptions, type RetryOptions, type SendOptions} from '../../options.js';
import {Reply, type ReplyActions} from '../../reply.js';
import type {WebBots} from '../bots.js';
import type {WebChats} from '../chats.js';
import type {SharedChannel} from '../live/shared-channel.js';
import {newNonce} from '../protocol/nonce.js';
import type {GraphqlClient} from '../session/graphql-client.js';
import type {Http} from '../session/http.js';
import {lastExchange} from '../../message.js';
import {Guard} from './guard.js';
import {findSentMessage, MessageLocator} from './locate-message.js';
import {MessageActions} from './message-actions.js';
import {type Accepted, type Draft, MessageSender, type SendResult} from './message-sender.js';
import {replyActions} from './reply-actions.js';
import {isEndState} from './follow/reply-snapshot.js';
import {ReplyTracker} from './follow/reply-tracker.js';
import {noReply, partialReply, unknownDelivery} from './send-errors.js';
import {WebReplySource} from './follow/web-reply-source.js';

export interface WebMessagesDeps {
  graphql: GraphqlClient;
  channel: SharedChannel;
  bots: WebBots;
  chats: WebChats;
  journal?: Journal | undefined;
}

/** Messages of the account, and the replies to them. */
export class WebMessages implements Messages {
  readonly #http: Http;
  readonly #channel: SharedChannel;
  readonly #bots: WebBots;
  readonly #chats: WebChats;
  readonly #journal: Journal;
  readonly #sender: MessageSender;
  readonly #locator: MessageLocator;
  readonly #actions: MessageActions;
  readonly #replyActions: ReplyActions;

  constructor({graphql, channel, bots, chats, journal = noJournal}: WebMessagesDeps) {
    this.#http = graphql.session.http;
    this.#channel = channel;
    this.#bots = bots;
    this.#chats = chats;
    this.#journal = journal;
    this.#sender = new MessageSender(graphql);
    this.#locator = new MessageLocator(this.#http, chats);
    this.#actions = new MessageActions(graphql, chats);
    this.#replyActions = replyActions(this, chats);
  }

  /**
   * Sends a message; resolves when Poe has accepted it. It is sent only once the live channel is open, so that no part of the reply
   * is missed, and never sent twice. Aborting the signal, now or while the reply arrives, cancels the reply on Poe.
   * @param to the bot, or its handle in any letter case
   * @throws PoeError
   */
  async send(
    text: string,
    to: string | Draft['bot'],
    options: Omit<SendOptions, 'bot' | 'chat'> & {chat?: Chat} = {},
  ): Promise<Reply> {
    const {chat, files = [], signal, onUpload, maxPoints = null, awaitTitle} = options;
    if (text.trim() === '') throw new PoeError('usage', 'The message is empty', {hint: 'Write a message.'});
    const {timeoutMs, log} = this.#http;
    await using attachments = await openFiles(files, {timeoutMs, signal, log});
    const [bot, channel] = await Promise.all([
      typeof to === 'string' ? this.#bots.info(to, {signal}) : to,
      this.#channel.open(signal),
    ]);
    const pending = {clientNonce: newNonce(), chatId: chat?.chatId ?? null, bot: bot.handle, sentAt: this.#now()};
    const draft: Draft = {text, bot, chat, pending, files: attachments.files, onUpload, maxPoints};

    using entry = new Guard(this.#journal.add(pending), (open) => open.flush());
    const tracker = new ReplyTracker(pending.clientNonce);
    using listening = new Guard(channel.listen(tracker), (stop) => stop());

    const result = await this.#sender.send(draft, tracker, signal);
    if (result.type === 'rejected') {
      entry.release().remove();
      throw result.error;
    }
    const accepted = await this.#locate(draft, result, tracker, signal);
    if (signal?.aborted) throw await this.#cancelled(accepted.chat, signal);

    const source = new WebReplySource({
      chat: {...accepted.chat, bot: accepted.chat.bot ?? bot.handle},
      userMessageId: accepted.userMessageId ?? tracker.echo?.userMessageId ?? null,
      botMessage: accepted.botMessage,
      bot: bot.handle,
      tracker,
      ...this.#sourceDeps,
      signal,
      awaitTitle,
      cancelOnAbort: true,
      stopListening: listening.release(),
    });
    return new Reply(journalReply(source, entry.release()));
  }

  async retry(ref: ChatRef | Chat, options: RetryOptions = {}): Promise<Reply> {
    rejectApiOptions(options);
    const {signal, maxPoints = null} = options;
    const [{chat, messages, price: chatPrice}, channel] = await Promise.all([
      this.#chats.newest(ref, {signal}),
      this.#channel.open(signal),
    ]);
    const {question, answer: reply} = lastExchange(messages);
    if (!reply) throw noReply(chat);
    const bot = botOf(reply, chat);
    const price = chatPrice ?? (bot ? (await this.#bots.info(bot, {signal})).displayMessagePointPrice : null);
    const pending = {clientNonce: null, chatId: chat.chatId, bot, sentAt: this.#now()};

    using entry = new Guard(this.#journal.add(pending), (open) => open.flush());
    const tracker = new ReplyTracker();
    using listening = new Guard(channel.listen(tracker), (stop) => stop());

    const result = await this.#sender.regenerate({reply, bot, price, maxPoints}, signal);
    if (signal?.aborted) throw await this.#cancelled(chat, signal);
    if (result.type === 'rejected') {
      entry.release().remove();
      throw result.error;
    }
    if (result.type === 'unanswered') throw isUnreachable(result.error) ? unknownDelivery(result.error) : result.error;

    const source = new WebReplySource({
      chat,
      userMessageId: question?.messageId ?? null,
      botMessage: result.botMessage,
      replaced: reply,
      bot,
      tracker,
      ...this.#sourceDeps,
      signal,
      cancelOnAbort: true,
      stopListening: listening.release(),
    });
    return new Reply(journalReply(source, entry.release()));
  }

  /**
   * The last reply of a chat: complete, or followed until it is. Aborting the signal does not cancel it. If Poe cannot be reached, the
   * reply has the text that the journal has stored, and then fails.
   * @throws PoeError `message_not_found` if the chat has no messages
   */
  async attach(ref: ChatRef | Chat, options: CallOptions = {}): Promise<Reply> {
    try {
      return await this.#attach(ref, options);
    } catch (error) {
      if (!(error instanceof PoeError) || conclusive.has(error.code)) throw error;
      const unfinished = this.#journal.unfinished().find(({reply}) => reply && isSameChat(reply.chat, ref));
      const reply = unfinished?.reply;
      if (!reply?.text) throw error;
      const isLost = isUnreachable(error) || error.code === 'cloudflare';
      const failure = isLost ? partialReply(error, reply.chat) : error;
      return new Reply(partialReplySource(reply, this.#replyActions, failure));
    }
  }

  async #attach(ref: ChatRef | Chat, {signal}: CallOptions): Promise<Reply> {
    const newest = await this.#chats.newest(ref, {signal});
    const {chat} = newest;
    const {question, answer} = lastExchange(newest.messages);
    if (!question && !answer) throw noReply(chat);
    const isComplete = answer !== undefined && isEndState(answer.state);
    const channel = isComplete ? undefined : await this.#channel.open(signal);

    const tracker = new ReplyTracker();
    using listening = new Guard(channel?.listen(tracker) ?? (() => {}), (stop) => stop());
    // Messages may have arrived before the channel was open.
    const {messages} = isComplete ? newest : await this.#chats.newest(chat, {signal});
    const last = lastExchange(messages);

    const source = new WebReplySource({
      chat,
      userMessageId: last.question?.messageId ?? null,
      botMessage: last.answer ?? null,
      bot: answer ? botOf(answer, chat) : (chat.bot ?? ''),
      tracker,
      ...this.#sourceDeps,
      signal,
      cancelOnAbort: false,
      stopListening: listening.release(),
    });
    return new Reply(journalReply(source, {update() {}, flush() {}, remove: () => this.#journal.removeChat(chat)}));
  }

  /**
   * The chat of a message in the journal whose send was cut short.
   * @returns undefined if the message did not arrive
   * @throws PoeError
   */
  async findSent(pending: PendingMessage, options?: CallOptions): Promise<Chat | undefined> {
    const found = await findSentMessage(this.#chats, pending, options);
    return typeof found === 'object' ? found.chat : undefined;
  }

  async cancel(ref: ChatRef | Chat, options?: CallOptions): Promise<void> {
    const {chatId} = 'chatId' in ref ? ref : await this.#chats.find(ref, options);
    await this.#sender.cancel(chatId, options);
  }

  delete(ref: ChatRef | Chat, messageIds: readonly number[], options?: CallOptions): Promise<void> {
    return this.#actions.delete(ref, messageIds, options);
  }

  share(ref: ChatRef | Chat, messageIds?: readonly number[], options?: CallOptions): Promise<string> {
    return this.#actions.share(ref, messageIds, options);
  }

  cost(of: string | ChatRef | Chat, options?: CallOptions): Promise<Cost> {
    return this.#actions.cost(of, options);
  }

  previews(of: number | ChatRef | Chat, options?: CallOptions): Promise<string[]> {
    return this.#actions.previews(of, options);
  }

  async #locate(
    draft: Draft,
    result: Exclude<SendResult, {type: 'rejected'}>,
    tracker: ReplyTracker,
    signal?: AbortSignal,
  ): Promise<Accepted> {
    switch (result.type) {
      case 'accepted':
        return result;
      case 'unnamed':
        return this.#locator.unnamed(draft, result, tracker);
      case 'unanswered':
        return this.#locator.unanswered(draft, result.error, tracker, signal);
    }
  }

  async #cancelled({chatId}: Chat, signal: AbortSignal): Promise<PoeError> {
    await this.#sender.tryCancel(chatId);
    return interruption(signal);
  }

  get #sourceDeps() {
    return {
      sender: this.#sender,
      chats: this.#chats,
      actions: this.#replyActions,
      timeoutMs: this.#http.timeoutMs,
    };
  }

  /** The time by Poe's clock, which is known once the channel is open. */
  #now(): string {
    return new Date(this.#http.clock.now()).toISOString();
  }
}

const isUnreachable = ({code}: PoeError): boolean => ['network', 'timeout', 'unavailable'].includes(code);

/** Errors after which a stored reply is of no use: Poe responded, or nobody waits. */
const conclusive: ReadonlySet<ErrorCode> = new Set(['usage', 'chat_not_found', 'message_not_found', 'interrupted']);

interface OpenFiles extends AsyncDisposable {
  files: readonly OutgoingFile[];
}

/** Opens attachments. The module is loaded only if there are any, because that takes a while. */
async function openFiles(sources: readonly (string | URL)[], options: OpenOptions): Promise<OpenFiles> {
  if (sources.length === 0) return {files: [], async [Symbol.asyncDispose]() {}};
  const {openAttachments} = await import('../../files/attachments.js');
  const {files, close} = await openAttachments(sources, options);
  return {files, [Symbol.asyncDispose]: close};
}

const botOf = ({bot}: Message, chat: Chat): string => bot?.handle ?? bot?.displayName ?? chat.bot ?? '';
