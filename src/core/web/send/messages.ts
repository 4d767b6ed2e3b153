import type {Cost} from '../../account.js';
import {chatName, type ChatRef} from '../../names/chat-ref.js';
import type {Messages} from '../../client.js';
import {PoeError} from '../../errors.js';
import {type Journal, noJournal, type PendingMessage} from '../../journal/journal.js';
import type {Chat, Citation} from '../../model.js';
import {
  type CallOptions,
  checkReplyTo,
  checkTemporary,
  rejectApiOptions,
  type RetryOptions,
  type SaveFileOptions,
  type SendOptions,
} from '../../options.js';
import type {Reply} from '../../reply.js';
import type {Ledger} from '../../spending/ledger.js';
import {unsupported} from '../../unsupported.js';
import type {WebAccount} from '../account.js';
import type {WebBots} from '../bots.js';
import type {WebChats} from '../chats.js';
import type {SharedChannel} from '../live/shared-channel.js';
import type {GraphqlClient} from '../session/graphql-client.js';
import {attachReply} from './attach-reply.js';
import {findSentMessage} from './find-sent-message.js';
import {findMessage} from './find-message.js';
import {isEndState} from './follow/reply-snapshot.js';
import {MessageLocator} from './locate-message.js';
import {MessageActions} from './message-actions.js';
import {MessageSender} from './message-sender.js';
import {regenerateReply} from './regenerate-reply.js';
import {replyActions} from './reply-actions.js';
import type {SendContext} from './send-context.js';
import {sendMessage} from './send-message.js';
import {unfinishedWebReplies} from '../unfinished-replies.js';
import type {UnfinishedReply} from '../../journal/unfinished.js';
import type {Id} from '../../names/id.js';

/** How long Poe may take to accept a message that was sent. */
const maxArrivalMs = 30_000;

interface WebMessagesDeps {
  graphql: GraphqlClient;
  channel: SharedChannel;
  account: WebAccount;
  bots: WebBots;
  chats: WebChats;
  journal?: Journal | undefined;
  ledger: Ledger;
}

/** Options of `send`, and what programs cannot set. */
export interface WebSendOptions extends SendOptions {
  /** Where the cost is set aside and counted. Default: the ledger of the client. */
  ledger?: Ledger;
  /** Whether the journal has the message, and what arrives of its reply. Default: true. */
  isRecorded?: boolean;
}

/** Messages of the account, and the replies to them. */
export class WebMessages implements Messages {
  readonly #context: SendContext;
  readonly #actions: MessageActions;
  readonly #account: WebAccount;
  /** The temporary chats that were started. */
  readonly #temporary = new Set<Id>();

  constructor({graphql, channel, account, bots, chats, journal = noJournal, ledger}: WebMessagesDeps) {
    const {http} = graphql.session;
    this.#account = account;
    this.#actions = new MessageActions(graphql, chats);
    this.#context = {
      http,
      channel,
      bots,
      chats,
      journal,
      ledger,
      sender: new MessageSender(graphql),
      locator: new MessageLocator(http, chats),
      replyActions: replyActions(this, chats),
    };
  }

  /** See `sendMessage`. @throws PoeError */
  async send(
    text: string,
    {
      bot,
      chat: ref,
      system,
      replyTo,
      ledger = this.#context.ledger,
      isRecorded = true,
      ...options
    }: WebSendOptions = {},
  ): Promise<Reply> {
    rejectApiOptions(options);
    checkTemporary({...options, chat: ref});
    checkReplyTo({replyTo, chat: ref});
    const {chats} = this.#context;
    const {signal} = options;
    const chat = ref && !('id' in ref) ? await chats.find(ref, {signal}) : ref;
    const answered = chat && replyTo !== undefined ? await findMessage(chats, chat, replyTo, {signal}) : undefined;
    if (system !== undefined) options.onSystemInMessage?.();
    const to = bot ?? chat?.bot ?? (await this.#account.defaultBot({signal}));
    try {
      const whole = system === undefined || text.trim() === '' ? text : `${system.trim()}\n\n${text}`;
      const context = options.isTemporary || !isRecorded ? this.#unstored() : this.#contextOf(chat);
      const reply = await sendMessage({...context, ledger}, whole, to, {
        ...options,
        chat,
        replyTo: answered?.messageId ?? null,
      });
      if (options.isTemporary) this.#temporary.add(reply.chat.toJSON().chatId);
      return reply;
    } catch (error) {
      // Poe sends the same error for a chat that does not exist. If that is the reason, `check` throws.
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      if (chat) await chats.check(chat, {signal});
      const hasParameters = options.parameters !== undefined || options.effort !== undefined;
      if (!hasParameters || error.facts.remedy) throw error;
      throw error.with({remedy: 'show_parameters', needs: 'web', bot: typeof to === 'string' ? to : to.handle});
    }
  }

  async retry(ref: ChatRef | Chat, options: RetryOptions = {}): Promise<Reply> {
    rejectApiOptions(options);
    const chat = chatName(ref);
    if (options.bot !== undefined) throw unsupported('Regenerating a reply with another bot', 'api', {chat});
    // Poe uses the parameters that the message was sent with.
    if (options.parameters || options.effort) {
      throw unsupported('Regenerating a reply with other parameters', 'api', {chat});
    }
    return regenerateReply(this.#contextOf(ref), ref, options);
  }

  /** Nothing of a temporary chat is stored on this machine. */
  #contextOf(chat: ChatRef | Chat | undefined): SendContext {
    const isTemporary = chat && 'chatId' in chat && this.#temporary.has(chat.chatId);
    return isTemporary ? this.#unstored() : this.#context;
  }

  #unstored(): SendContext {
    return {...this.#context, journal: noJournal};
  }

  attach(ref: ChatRef | Chat, options: CallOptions = {}): Promise<Reply> {
    return attachReply(this.#context, ref, options);
  }

  /**
   * The chat of a message in the journal whose send was cut short.
   * @returns `absent` if the message certainly did not arrive, `unknown` if that is not certain
   * @throws PoeError
   */
  async findSent(pending: PendingMessage, options?: CallOptions): Promise<Chat | 'absent' | 'unknown'> {
    const {chats, http} = this.#context;
    const found = await findSentMessage(chats, pending, options);
    if (typeof found === 'object') return found.chat;
    const ageMs = http.clock.now() - Date.parse(pending.sentAt);
    return found === 'absent' && ageMs > maxArrivalMs ? 'absent' : 'unknown';
  }

  unfinished(options?: CallOptions): Promise<UnfinishedReply[]> {
    const isReplying: Messages['isReplying'] = (chat, callOptions) => this.isReplying(chat, callOptions);
    return unfinishedWebReplies(this.#context.journal.unfinished(), isReplying, options);
  }

  async saveFile(url: string, path: string, options: SaveFileOptions = {}): Promise<number> {
    const {saveFile} = await import('../../files/receive/save-file.js');
    const {site, timeoutMs, log} = this.#context.http;
    return saveFile(url, path, {homes: [site.href], timeoutMs, log, ...options});
  }

  async cancel(ref: ChatRef | Chat, options?: CallOptions): Promise<void> {
    const {chats, sender} = this.#context;
    const {chatId} = 'chatId' in ref ? ref : await chats.find(ref, options);
    await sender.cancel(chatId, options);
  }

  async isReplying(ref: ChatRef | Chat, options?: CallOptions): Promise<boolean> {
    const last = (await this.#context.chats.newest(ref, options)).messages.at(-1);
    // If the last message is the user's own, its reply has not started yet.
    return last !== undefined && last.author !== 'chat_break' && (last.bot === null || !isEndState(last.state));
  }

  delete(ref: ChatRef | Chat, messageIds: readonly Id[], options?: CallOptions): Promise<void> {
    return this.#actions.delete(ref, messageIds, options);
  }

  share(ref: ChatRef | Chat, messageIds?: readonly Id[], options?: CallOptions): Promise<string> {
    return this.#actions.share(ref, messageIds, options);
  }

  cost(of: string | ChatRef | Chat, options?: CallOptions): Promise<Cost> {
    return this.#actions.cost(of, options);
  }

  previews(of: Id | ChatRef | Chat, options?: CallOptions): Promise<string[]> {
    return this.#actions.previews(of, options);
  }

  citations(messageId: Id, options?: CallOptions): Promise<Citation[]> {
    return this.#actions.citations(messageId, options);
  }
}
