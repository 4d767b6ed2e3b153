import {interruption, PoeError} from '../../errors.js';
import type {JournalEntry} from '../../journal/journal.js';
import type {ReplyActions, ReplySource, ReplyState, ReplyUpdate, VideoJob} from '../../reply.js';
import type {LocalChats} from '../chats/local-chats.js';
import {type StoredFile, toAttachment} from '../chats/stored-files.js';
import type {Exchange} from '../ask/api-reply-source.js';
import type {VideoJobs} from './jobs.js';

interface VideoReplyOptions {
  chats: LocalChats;
  jobs: VideoJobs;
  /** Stays until the job has ended. */
  entry: JournalEntry;
  actions: ReplyActions;
  /** The file of a completed job. */
  fileOf: (id: string) => StoredFile & {url: string};
  /** How long to wait before the first request for its state. */
  pauseMs: number;
  signal: AbortSignal | undefined;
}

/**
 * A video that Poe makes. Its job is already in the chat and in the journal, so that it can be followed again if the program ends.
 * Neither an interruption nor `cancel` stops it: Poe has no way to do that.
 */
export class VideoReplySource implements ReplySource {
  readonly start: ReplyState;
  readonly actions: ReplyActions;
  readonly #exchange: Exchange;
  readonly #job: VideoJob;
  readonly #options: VideoReplyOptions;
  readonly #stopping = new AbortController();

  constructor(exchange: Exchange, job: VideoJob, options: VideoReplyOptions) {
    this.actions = options.actions;
    this.#exchange = exchange;
    this.#job = job;
    this.#options = options;
    this.start = this.#toState(job);
    this.#note(this.start);
  }

  async *updates(): AsyncGenerator<ReplyUpdate, void, undefined> {
    const {jobs, entry, pauseMs, signal} = this.#options;
    const stopping = this.#stopping.signal;
    let last = this.#job;
    try {
      const until = signal ? AbortSignal.any([signal, stopping]) : stopping;
      for await (const job of jobs.follow(last, {signal: until, pauseMs})) {
        last = job;
        if (job.status === 'completed') break;
        const state = this.#toState(job);
        this.#note(state);
        yield {state};
      }
    } catch (error) {
      throw await this.#toError(error);
    }
    const state = this.#toState(last);
    await this.#store(state.text, 'complete');
    entry.remove();
    yield {state};
    if (this.#exchange.storeError) throw this.#exchange.storeError;
  }

  async cancel(): Promise<void> {
    this.#stopping.abort();
  }

  /** The title of a chat on this machine is the beginning of the message, which does not belong into the journal. */
  #note(state: ReplyState): void {
    this.#options.entry.update({...state, chat: {...state.chat, title: null}});
  }

  async #toError(error: unknown): Promise<unknown> {
    const {entry, signal} = this.#options;
    const chat = this.#exchange.chat.chatCode ?? undefined;
    if (signal?.aborted || this.#stopping.signal.aborted) {
      entry.flush();
      const {code, cause} = signal?.aborted ? interruption(signal) : new PoeError('interrupted', '');
      return new PoeError(code, continuesOnPoe, {remedy: 'attach', chat, cause});
    }
    if (!(error instanceof PoeError)) return error;
    if (error.code === 'bot_failed') {
      await this.#store('', 'failed');
      entry.remove();
      return error.with({chat});
    }
    entry.flush();
    // Only a client that was closed makes a request that has started fail with `usage`.
    if (error.code === 'usage')
      return new PoeError('reply_lost', error.message, {remedy: 'attach', chat, cause: error});
    return error.with({remedy: error.facts.remedy ?? 'attach', chat});
  }

  /** Stores the reply as it ended. If it could not be stored when it began, it is not stored now. */
  async #store(text: string, state: 'complete' | 'failed'): Promise<void> {
    const {chats, fileOf} = this.#options;
    const {chat, reply, storeError} = this.#exchange;
    if (storeError) return;
    const ended = {
      ...reply,
      text,
      state,
      replaces: reply.messageId,
      jobId: this.#job.id,
      ...(state === 'complete' && {attachments: [fileOf(this.#job.id)]}),
    };
    await chats.add(chat, ended).catch((error: unknown) => {
      // The chat was deleted meanwhile.
      if (!(error instanceof PoeError && error.code === 'chat_not_found')) throw error;
    });
  }

  #toState(job: VideoJob): ReplyState {
    const {chat, message, reply} = this.#exchange;
    const isComplete = job.status === 'completed';
    const file = this.#options.fileOf(job.id);
    return {
      text: isComplete ? file.url : '',
      state: isComplete ? 'complete' : 'incomplete',
      bot: reply.bot ?? '',
      chat,
      userMessage: {messageId: message.messageId},
      botMessage: {messageId: reply.messageId, messageCode: null},
      attachments: isComplete ? [toAttachment(file)] : [],
      suggestedReplies: [],
      points: {cost: null, balance: null},
      via: 'api',
      protocol: 'videos',
      job,
    };
  }
}

const continuesOnPoe = 'Stopped waiting. Poe goes on making the video and cannot be stopped';
