import {type ChatRef, isSameChat} from '../../chat-ref.js';
import {type ErrorCode, interruption, PoeError} from '../../errors.js';
import type {Bot, Chat, Message} from '../../model.js';
import {
  type Journal,
  type JournalEntry,
  journalReply,
  partialReplySource,
  noJournal,
  type PendingMessage,
} from '../../journal.js';
import {Reply, type ReplyActions} from '../../reply.js';
import {type CallOptions, rejectApiOptions, type RetryOptions, type SendOptions} from '../../options.js';
import {findSentMessage} from './find-sent-message.js';
import type {OpenedAttachments, OpenOptions} from '../../files/attachments.js';
import type {Bots} from '../bots.js';
import type {Channel} from '../live/channel.js';
import type {Chats} from '../chats.js';
import {lastExchange} from './exchange.js';
import {isEndState} from './reply-snapshot.js';
import {ReplyTracker} from './reply-tracker.js';
import {nonce} from '../protocol/nonce.js';
import {noReply, unknownDelivery, partialReply} from './send-errors.js';
import {type Accepted, sendMessage} from './send-message.js';
import {replyActions} from './reply-actions.js';
import {regenerate} from './regenerate.js';
import {WebReplySource} from './web-reply-source.js';
import {assertPresent} from '../protocol/assert-success.js';
import type {GraphqlClient} from '../session/graphql-client.js';
import {MessageActions} from './message-actions.js';

/** How long calling a bot off may take when the caller is leaving already. */
const callingOffMs = 5_000;

/** Sends messages, has them answered anew, and stops the bots that answer them; and what can be done to them later. */
export class Messages extends MessageActions {
  readonly #wire: GraphqlClient;
  readonly #channel: (signal?: AbortSignal) => Promise<Channel>;
  readonly #bots: Bots;
  readonly #chats: Chats;
  readonly #journal: Journal;
  readonly #actions: ReplyActions;

  constructor(
    wire: GraphqlClient,
    channel: (signal?: AbortSignal) => Promise<Channel>,
    bots: Bots,
    chats: Chats,
    journal: Journal = noJournal,
  ) {
    super(wire, chats);
    this.#wire = wire;
    this.#channel = channel;
    this.#bots = bots;
    this.#chats = chats;
    this.#journal = journal;
    this.#actions = replyActions(this, chats);
  }

  /**
   * Sends a message and comes back when Poe has accepted it. It leaves only when the live channel is open, so that its
   * reply cannot be missed, and it is never sent twice. Aborting the signal, now or while the reply comes in, cancels the
   * reply on Poe.
   * @param to the bot, or its handle in any letter case
   * @throws PoeError
   */
  async send(
    text: string,
    to: string | Bot,
    options: Omit<SendOptions, 'bot' | 'chat'> & {chat?: Chat} = {},
  ): Promise<Reply> {
    const {chat, signal, onUpload, maxPoints = null} = options;
    if (text.trim() === '') throw new PoeError('usage', 'The message is empty', {hint: 'Write a message.'});
    const {log, timeoutMs} = this.#wire.session.http;
    const opened = await open(options.files ?? [], {timeoutMs, signal, log});
    try {
      const known = typeof to === 'string' ? this.#bots.info(to, {signal}) : to;
      const [bot, channel] = await Promise.all([known, this.#channel(signal)]);
      const sending = {
        clientNonce: nonce(),
        chatId: chat?.chatId ?? null,
        bot: bot.handle,
        sentAt: this.#now(),
      };
      const draft = {text, bot, chat, sending, files: opened.files, onUpload, maxPoints};
      return await this.#kept(sending, (entry) =>
        this.#follow(channel, bot.handle, {...options, entry, clientNonce: sending.clientNonce}, async (follower) => {
          const accepted = await sendMessage(this.#wire, this.#chats, follower, draft, signal);
          await this.#leaveIfAborted(accepted.chat, signal);
          return accepted;
        }),
      );
    } finally {
      await opened.close();
    }
  }

  /** Has the bot write its newest reply in a chat anew. Aborting the signal cancels it on Poe. @throws PoeError */
  async retry(ref: ChatRef | Chat, options: RetryOptions = {}): Promise<Reply> {
    rejectApiOptions(options);
    const {signal, maxPoints = null} = options;
    const [{chat, messages, price}, channel] = await Promise.all([
      this.#chats.newest(ref, {signal}),
      this.#channel(signal),
    ]);
    const {question, answer} = lastExchange(messages);
    if (!answer) throw noReply(chat);
    const bot = botOf(answer, chat);
    const known = price ?? (bot ? (await this.#bots.info(bot, {signal})).displayMessagePointPrice : null);
    const sending = {clientNonce: null, chatId: chat.chatId, bot, sentAt: this.#now()};
    return this.#kept(sending, (entry) =>
      this.#follow(channel, bot, {...options, entry}, async () => {
        const anew = await regenerate(this.#wire, answer, {bot, price: known, maxPoints}, signal).catch(
          async (error) => {
            // Poe may have begun all the same.
            await this.#leaveIfAborted(chat, signal);
            throw isUnclear(error) ? unknownDelivery(error) : error;
          },
        );
        await this.#leaveIfAborted(chat, signal);
        return {chat, userMessageId: question?.messageId ?? null, botMessage: anew, replaced: answer};
      }),
    );
  }

  /**
   * The newest reply of a chat: as it stands if it has ended, else followed to its end. Aborting the signal does not cancel it
   * on Poe, for somebody else may be waiting for it. Where Poe cannot be reached, what the journal holds of the reply comes,
   * and then the error.
   * @throws PoeError `message_not_found` where nobody has said anything
   */
  async attach(ref: ChatRef | Chat, options: CallOptions = {}): Promise<Reply> {
    try {
      return await this.#attach(ref, options);
    } catch (error) {
      if (!(error instanceof PoeError) || saysWhatIs.has(error.code)) throw error;
      const lost = this.#journal.unfinished().find(({reply}) => reply && isSameChat(reply.chat, ref));
      if (!lost?.reply?.text) throw error;
      return new Reply(
        partialReplySource(
          lost.reply,
          this.#actions,
          isUnreached(error) ? partialReply(error, lost.reply.chat) : error,
        ),
      );
    }
  }

  async #attach(ref: ChatRef | Chat, options: CallOptions): Promise<Reply> {
    const {signal} = options;
    const newest = await this.#chats.newest(ref, {signal});
    const {chat} = newest;
    const before = lastExchange(newest.messages);
    if (!before.question && !before.answer) throw noReply(chat);
    const isWhole = before.answer !== undefined && isEndState(before.answer.state);
    const entry = {keep() {}, leave() {}, done: () => this.#journal.forget(chat)};
    const channel = isWhole ? undefined : await this.#channel(signal);
    const bot = before.answer ? botOf(before.answer, chat) : (chat.bot ?? '');
    return this.#follow(channel, bot, {...options, entry, cancelOnAbort: false}, async () => {
      // What was said before the channel was open is asked for again now that nothing more can be missed.
      const {messages} = isWhole ? newest : await this.#chats.newest(chat, {signal});
      const {question, answer} = lastExchange(messages);
      return {chat, userMessageId: question?.messageId ?? null, botMessage: answer ?? null};
    });
  }

  /**
   * The chat of a message whose send was cut short, as the journal tells of it.
   * @returns undefined where it did not arrive. @throws PoeError
   */
  async find(sending: PendingMessage, options?: CallOptions): Promise<Chat | undefined> {
    const found = await findSentMessage(this.#chats, sending, options);
    return typeof found === 'object' ? found.chat : undefined;
  }

  /** Stops the bots that are writing in a chat. @throws PoeError */
  async cancel(ref: ChatRef | Chat, options?: CallOptions): Promise<void> {
    const {chatId} = 'chatId' in ref ? ref : await this.#chats.find(ref, options);
    const {cancelViewerActiveJobs} = await this.#wire.call('cancelJobs', {chatId}, options);
    assertPresent('cancelJobs', 'cancel the reply', cancelViewerActiveJobs);
  }

  /** As `cancel`, for a caller who is leaving: does not fail and does not take long. */
  async tryCancel(chatId: number): Promise<void> {
    const {log} = this.#wire.session.http;
    await this.cancel({chatId}, {signal: AbortSignal.timeout(callingOffMs)}).catch(() =>
      log({what: 'cancel', status: 'failed'}),
    );
  }

  /** Listens before `begin` has Poe do something, and follows what comes of it. */
  async #follow(
    channel: Channel | undefined,
    bot: string,
    options: {
      entry: JournalEntry;
      clientNonce?: string;
      signal?: AbortSignal;
      awaitTitle?: boolean;
      cancelOnAbort?: boolean;
    },
    begin: (follower: ReplyTracker) => Promise<Accepted & {replaced?: Message}>,
  ): Promise<Reply> {
    const {entry, signal, awaitTitle = false, cancelOnAbort = true} = options;
    const {timeoutMs} = this.#wire.session.http;
    const follower = new ReplyTracker(options.clientNonce);
    const stopListening = channel?.listen(follower) ?? (() => {});
    try {
      const {replaced, ...accepted} = await begin(follower);
      const sent = {replaced, bot, awaitTitle, cancelOnAbort, timeoutMs, signal, stopListening, actions: this.#actions};
      return new Reply(journalReply(new WebReplySource(this, this.#chats, accepted, follower, sent), entry));
    } catch (error) {
      stopListening();
      throw error;
    }
  }

  /** Keeps in the journal what is about to be sent, unless Poe refuses it. */
  async #kept(sending: PendingMessage, send: (entry: JournalEntry) => Promise<Reply>): Promise<Reply> {
    const entry = this.#journal.begin(sending);
    try {
      return await send(entry);
    } catch (error) {
      if (mayHaveBegun(error)) entry.leave();
      else entry.done();
      throw error;
    }
  }

  /** By Poe's clock, which has been told by now: the channel is open. */
  #now(): string {
    return new Date(this.#wire.session.http.clock.now()).toISOString();
  }

  async #leaveIfAborted({chatId}: Chat, signal?: AbortSignal): Promise<void> {
    if (!signal?.aborted) return;
    await this.tryCancel(chatId);
    throw interruption(signal);
  }
}

/** Whether Poe may have done what it gave no answer to. */
const isUnclear = (error: unknown): boolean =>
  error instanceof PoeError && ['network', 'timeout', 'unavailable'].includes(error.code);

/** Then Poe was asked, and what was kept of a reply is of no use. */
const saysWhatIs: ReadonlySet<ErrorCode> = new Set(['usage', 'chat_not_found', 'message_not_found', 'interrupted']);

const isUnreached = (error: PoeError): boolean => isUnclear(error) || error.code === 'cloudflare';

const mayHaveBegun = (error: unknown): boolean =>
  isUnclear(error) ||
  (error instanceof PoeError && ['not_understood', 'interrupted', 'reply_lost'].includes(error.code));

/** Opens files; how that is done is dear to load. */
async function open(sources: readonly (string | URL)[], options: OpenOptions): Promise<OpenedAttachments> {
  if (sources.length === 0) return {files: [], size: 0, close: async () => {}};
  const {openAttachments} = await import('../../files/attachments.js');
  return openAttachments(sources, options);
}

const botOf = ({bot}: Message, chat: Chat): string => bot?.handle ?? bot?.displayName ?? chat.bot ?? '';
