import {collectGarbage} from '../../http/collect-garbage.js';
import {type ErrorCode, interruption, PoeError} from '../../errors.js';
import type {Chat} from '../../model.js';
import type {ReplyActions, ReplySource, ReplyState, ReplyUpdate} from '../../reply.js';
import type {StoredMessage} from '../chats/chat-log.js';
import type {LocalChats} from '../chats/local-chats.js';
import {ReplyWriter} from '../chats/reply-writer.js';
import {collectAttachments, toAttachment} from '../chats/stored-files.js';
import type {StartedReply} from './protocol-requests.js';
import {lostBeforeReply} from './bot-errors.js';
import {emptyProgress, hasContent, type ReplyProgress} from '../protocols/protocol.js';

/** A message that was sent, and the reply to it as it will be stored. */
export interface Exchange {
  chat: Chat;
  message: StoredMessage;
  reply: StoredMessage;
  /** Why the message could not be stored. The reply is then not stored either, and this error follows it. */
  storeError?: PoeError | undefined;
  /** Default: yes. */
  isStored?: boolean;
}

const endsEarly: ReadonlySet<ErrorCode> = new Set(['network', 'timeout']);

interface ReplyOptions {
  chats: LocalChats;
  actions: ReplyActions;
  signal: AbortSignal | undefined;
}

/**
 * A reply that is streamed by the API. It is stored in its chat while it arrives and when it ends, also after an error.
 */
export class ApiReplySource implements ReplySource {
  readonly start: ReplyState;
  readonly actions: ReplyActions;
  readonly #exchange: Exchange;
  readonly #started: StartedReply;
  readonly #writer: ReplyWriter | undefined;
  readonly #chats: LocalChats;
  readonly #signal: AbortSignal | undefined;
  #isCancelled = false;
  /** The files as the bot sent them last, and as they are stored. */
  #files: Record<'sent' | 'stored', ReplyProgress['files']> = {sent: [], stored: []};

  constructor(exchange: Exchange, started: StartedReply, {chats, actions, signal}: ReplyOptions) {
    this.actions = actions;
    this.#exchange = exchange;
    this.#started = started;
    if (!exchange.storeError && exchange.isStored !== false)
      this.#writer = new ReplyWriter(chats, exchange.chat, exchange.reply);
    this.#chats = chats;
    this.#signal = signal;
    this.start = this.#toState(emptyProgress, 'incomplete');
  }

  async *updates(): AsyncGenerator<ReplyUpdate, void, undefined> {
    let last = emptyProgress;
    let state: ReplyState['state'] = 'incomplete';
    try {
      for await (const progress of this.#started.progress) {
        last = await this.#withStoredFiles(progress);
        await this.#writer?.update(last);
        yield {state: this.#toState(last, state), added: last.added};
      }
      collectGarbage(last.text.length);
      last = this.#complete(last);
      state = 'complete';
      yield {state: this.#toState(last, state), added: last.added};
    } catch (error) {
      if (this.#isCancelled || this.#signal?.aborted) state = 'cancelled';
      if (!this.#isCancelled) throw this.#toError(error, last);
      yield {state: this.#toState(last, state)};
    } finally {
      this.#started.close({hasEnded: state === 'complete'});
      await this.#writer?.end(last, state);
    }
    if (this.#exchange.storeError) throw this.#exchange.storeError;
  }

  /** Closes the connection: the API has no other way to stop a bot. */
  async cancel(): Promise<void> {
    this.#isCancelled = true;
    this.#started.close();
  }

  /** Files that arrived inside the reply have a place of their own. Without a stored message, they stay where they are. */
  async #withStoredFiles(progress: ReplyProgress): Promise<ReplyProgress> {
    const {chat, reply} = this.#exchange;
    if (!this.#writer || progress.files.length === 0) return progress;
    if (progress.files !== this.#files.sent) {
      const stored = await this.#chats.storeFiles(chat, reply.messageId, progress.files);
      this.#files = {sent: progress.files, stored};
    }
    return {...progress, files: this.#files.stored};
  }

  /** The complete reply. Some bots send all of it as reasoning (Gemini, 2026). @throws PoeError `bot_failed` if it is empty */
  #complete(last: ReplyProgress): ReplyProgress {
    const missing = last.text === '' ? last.reasoning : '';
    const added = {text: missing, reasoning: ''};
    const complete = {...last, text: last.text + missing, added};
    if (complete.text !== '' || last.files.length > 0) return complete;
    if (last.finishReason === 'tool_calls') {
      throw new PoeError('bot_failed', `${this.start.bot} called a tool instead of replying, and poe has no tools`, {
        hint: 'Rephrase the message, or use another bot.',
      });
    }
    throw new PoeError('bot_failed', `${this.start.bot} sent an empty reply`, {
      hint: 'The message may have been charged. Try again, or use another bot.',
    });
  }

  /** A connection that is lost after the reply has started is a lost reply. */
  #toError(error: unknown, last: ReplyProgress): unknown {
    if (this.#signal?.aborted) return interruption(this.#signal);
    // Only a client that was closed makes a request that has started fail with `usage`.
    const isClosed = error instanceof PoeError && error.code === 'usage';
    if (!isClosed && !hasContent(last)) return lostBeforeReply(error);
    if (!isClosed && !(error instanceof PoeError && endsEarly.has(error.code))) return error;
    return new PoeError('reply_lost', `The reply ended early: ${error.message}`, {
      hint: 'What arrived is stored in the chat and may have been charged.',
      remedy: 'retry_reply',
      cause: error,
    });
  }

  #toState(progress: ReplyProgress, state: ReplyState['state']): ReplyState {
    const {text, contentType, reasoning, usage, files, suggestedReplies, finishReason, sources} = progress;
    const {chat, message, reply} = this.#exchange;
    const isOver = state !== 'incomplete';
    return {
      text,
      ...(contentType !== undefined && {contentType}),
      state,
      bot: reply.bot ?? '',
      chat,
      userMessage: {messageId: message.messageId},
      botMessage: {messageId: reply.messageId, messageCode: null},
      attachments: isOver ? collectAttachments(files, text) : files.map(toAttachment),
      suggestedReplies: [...suggestedReplies],
      points: {cost: null, balance: null},
      via: 'api',
      protocol: this.#started.protocol,
      reasoning: reasoning || null,
      usage,
      ...(sources && {sources: [...sources]}),
      finishReason,
    };
  }
}
