import {interruption, PoeError} from '../../errors.js';
import type {Chat} from '../../model.js';
import type {ReplyActions, ReplySource, ReplyState} from '../../reply.js';
import type {Asked} from './bot-request.js';
import type {LocalChats} from '../chats/local-chats.js';
import type {StoredMessage} from '../chats/chat-log.js';
import {ReplyWriter} from '../chats/reply-writer.js';
import {collectAttachments} from '../chats/stored-files.js';
import {noProgress, type Progress} from './progress.js';

/** What was asked, where, and what the answer is to be kept as. */
export interface Exchange {
  chat: Chat;
  question: StoredMessage;
  answer: StoredMessage;
  /** Why the question could not be kept; then the answer is not either, and that is said when it is whole. */
  unkept?: PoeError | undefined;
}

/** An answer that streams in. However it ends, what came of it is kept in its chat, and so it is meanwhile. */
export class Answer implements ReplySource {
  readonly start: ReplyState;
  readonly actions: ReplyActions;
  readonly #exchange: Exchange;
  readonly #asked: Asked;
  readonly #keeping: ReplyWriter | undefined;
  readonly #signal: AbortSignal | undefined;
  #isCancelled = false;

  constructor(
    exchange: Exchange,
    asked: Asked,
    chats: LocalChats,
    actions: ReplyActions,
    signal: AbortSignal | undefined,
  ) {
    this.actions = actions;
    this.#exchange = exchange;
    this.#asked = asked;
    if (!exchange.unkept) this.#keeping = new ReplyWriter(chats, exchange.chat, exchange.answer);
    this.#signal = signal;
    this.start = this.#state(noProgress, 'incomplete');
  }

  async *states(): AsyncGenerator<ReplyState, void, undefined> {
    let last = noProgress;
    let state = 'incomplete';
    try {
      for await (const progress of this.#asked.progress) {
        last = progress;
        await this.#keeping?.see(last);
        yield this.#state(last, state);
      }
      last = this.#whole(last);
      state = 'complete';
      yield this.#state(last, state);
    } catch (error) {
      if (this.#isCancelled || this.#signal?.aborted) state = 'cancelled';
      if (!this.#isCancelled) throw this.#reasonOf(error);
      yield this.#state(last, state);
    } finally {
      this.#asked.close();
      await this.#keeping?.end(last, state);
    }
    if (this.#exchange.unkept) throw this.#exchange.unkept;
  }

  /** Hangs up: the API has no other way to stop a bot. */
  async cancel(): Promise<void> {
    this.#isCancelled = true;
    this.#asked.close();
  }

  /** Some bots say everything as reasoning (Gemini, seen in 2026); then that is the answer. */
  #whole(last: Progress): Progress {
    const text = last.text || last.reasoning;
    if (text !== '' || last.files.length > 0) return {...last, text};
    if (last.finishReason === 'tool_calls') {
      throw new PoeError(
        'bot_failed',
        `${this.start.bot} wants a tool to be called instead of answering, and poe has none`,
        {
          hint: 'Ask in other words, or ask another bot.',
        },
      );
    }
    throw new PoeError('bot_failed', `${this.start.bot} sent no answer`, {hint: 'Try again, or ask another bot.'});
  }

  /** Once Poe has begun to answer, a lost connection is a lost reply. */
  #reasonOf(error: unknown): unknown {
    if (this.#signal?.aborted) return interruption(this.#signal);
    if (!(error instanceof PoeError) || !['network', 'timeout'].includes(error.code)) return error;
    return new PoeError('reply_lost', `The reply broke off before its end: ${error.message}`, {
      hint: 'What came is kept in the chat. Ask again with: poe retry last',
      cause: error,
    });
  }

  #state({text, reasoning, usage, files, suggestedReplies, finishReason}: Progress, state: string): ReplyState {
    const {chat, question, answer} = this.#exchange;
    const isOver = state !== 'incomplete';
    return {
      text,
      state,
      bot: answer.bot ?? '',
      chat,
      userMessage: {messageId: question.messageId},
      botMessage: {messageId: answer.messageId, messageCode: null},
      attachments: isOver ? collectAttachments(files, text) : [],
      suggestedReplies: [...suggestedReplies],
      points: {cost: null, balance: null},
      via: 'api',
      protocol: this.#asked.protocol,
      reasoning: reasoning || null,
      usage,
      finishReason,
    };
  }
}
