import {interruption, PoeError} from '../errors.js';
import type {Chat} from '../model.js';
import type {ReplyActions, ReplySource, ReplyState} from '../reply.js';
import type {Streamed} from './api.js';
import type {LocalChats} from './chats.js';
import {type Progress, progressOf} from './completion.js';
import type {Said} from './journal.js';

/** What was asked, where, and what the answer is to be kept as. */
export interface Exchange {
  chat: Chat;
  question: Said;
  answer: Said;
}

/** An answer that streams in. However it ends, what came of it is kept in its chat. */
export class Answer implements ReplySource {
  readonly start: ReplyState;
  readonly actions: ReplyActions;
  readonly #exchange: Exchange;
  readonly #streamed: Streamed;
  readonly #chats: LocalChats;
  readonly #signal: AbortSignal | undefined;
  #isCancelled = false;

  constructor(
    exchange: Exchange,
    streamed: Streamed,
    chats: LocalChats,
    actions: ReplyActions,
    signal: AbortSignal | undefined,
  ) {
    this.actions = actions;
    this.#exchange = exchange;
    this.#streamed = streamed;
    this.#chats = chats;
    this.#signal = signal;
    this.start = this.#state({text: '', reasoning: '', usage: null, finish: null}, 'incomplete');
  }

  async *states(): AsyncGenerator<ReplyState, void, undefined> {
    let last = this.start;
    let state = 'incomplete';
    try {
      for await (const progress of progressOf(this.#streamed.chunks)) {
        last = this.#state(progress, 'incomplete');
        yield last;
      }
      state = 'complete';
      yield* this.#end(last);
      last = {...last, text: last.text || (last.reasoning ?? '')};
    } catch (error) {
      if (this.#isCancelled || this.#signal?.aborted) state = 'cancelled';
      if (!this.#isCancelled) throw this.#reasonOf(error);
      yield {...last, state};
    } finally {
      this.#streamed.close();
      if (last.text !== '') await this.#keep({...this.#exchange.answer, text: last.text, state});
    }
  }

  /** Hangs up: the API has no other way to stop a bot. */
  async cancel(): Promise<void> {
    this.#isCancelled = true;
    this.#streamed.close();
  }

  /** A chat that was deleted meanwhile stays deleted. */
  async #keep(answer: Said): Promise<void> {
    await this.#chats.add(this.#exchange.chat, answer).catch((error: unknown) => {
      if (!(error instanceof PoeError && error.code === 'chat_not_found')) throw error;
    });
  }

  /** Some bots say everything as reasoning (Gemini, seen in 2026); then that is the answer. */
  *#end(last: ReplyState): Generator<ReplyState> {
    const text = last.text || (last.reasoning ?? '');
    if (text === '') {
      throw new PoeError('bot_failed', `${last.bot} sent no answer`, {hint: 'Try again, or ask another bot.'});
    }
    yield {...last, text, state: 'complete'};
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

  #state({text, reasoning, usage}: Progress, state: string): ReplyState {
    const {chat, question, answer} = this.#exchange;
    return {
      text,
      state,
      bot: answer.bot ?? '',
      chat,
      userMessage: {messageId: question.messageId},
      botMessage: {messageId: answer.messageId, messageCode: null},
      attachments: [],
      suggestedReplies: [],
      points: {cost: null, balance: null},
      via: 'api',
      reasoning: reasoning || null,
      usage,
    };
  }
}
