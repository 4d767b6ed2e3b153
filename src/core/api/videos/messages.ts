import {PoeError} from '../../errors.js';
import type {Journal, JournalEntry} from '../../journal/journal.js';
import type {CallOptions} from '../../options.js';
import {accountReply} from '../../spending/accounted-reply.js';
import type {Reservation} from '../../spending/ledger.js';
import {Reply, type ReplyActions, type VideoJob} from '../../reply.js';
import type {LocalChats} from '../chats/local-chats.js';
import type {LastExchange} from '../chats/stored-reply.js';
import type {Api} from '../http/api.js';
import {videoFile} from '../protocols/videos.js';
import type {Exchange} from '../ask/api-reply-source.js';
import {VideoReplySource} from './reply-source.js';
import type {StartedJob, VideoJobs} from './jobs.js';

interface VideoMessagesDeps {
  api: Api;
  chats: LocalChats;
  journal: Journal;
  jobs: VideoJobs;
  actions: ReplyActions;
}

interface BeginOptions extends CallOptions {
  reservation: Reservation;
  entry: JournalEntry;
  /** Stores the message with the time by Poe's clock. */
  confirm?: () => Promise<void>;
}

/** Replies that are videos. Poe makes them as jobs, which go on if the program ends. */
export class VideoMessages {
  readonly #deps: VideoMessagesDeps;

  constructor(deps: VideoMessagesDeps) {
    this.#deps = deps;
  }

  /**
   * The reply of a job that was just started. Its ID is in the journal before anything else happens, and then in the chat.
   */
  async begin(
    exchange: Exchange,
    {job, pauseMs}: StartedJob,
    {reservation, entry, confirm, signal}: BeginOptions,
  ): Promise<Reply> {
    const source = this.#source(exchange, job, {entry, pauseMs, signal});
    await confirm?.();
    const {chat, reply, storeError} = exchange;
    if (!storeError) await this.#deps.chats.add(chat, {...reply, jobId: job.id});
    const accounted = accountReply(source, reservation);
    // Poe charges a job when it starts, whether or not somebody waits for its end.
    reservation.settle(source.start);
    return new Reply(accounted);
  }

  /** Follows the job of a stored reply. @returns undefined if the reply has no job, or its job has ended */
  attach({chat, message, reply}: LastExchange, {signal}: CallOptions): Reply | undefined {
    if (reply?.jobId === undefined || reply.state !== 'incomplete') return undefined;
    const job: VideoJob = {id: reply.jobId, status: 'in_progress', percent: null, expiresAt: null};
    const {journal} = this.#deps;
    const entry = {update() {}, flush() {}, remove: () => journal.removeChat(chat)};
    // Its place is that of the stored reply, which it replaces.
    const {replaces: _replaces, ...stored} = reply;
    return new Reply(this.#source({chat, message, reply: stored}, job, {entry, pauseMs: 0, signal}));
  }

  #source(
    exchange: Exchange,
    job: VideoJob,
    options: {entry: JournalEntry; pauseMs: number; signal: AbortSignal | undefined},
  ): VideoReplySource {
    const {api, chats, jobs, actions} = this.#deps;
    const fileOf = (id: string) => videoFile(id, (path) => api.urlOf(path));
    return new VideoReplySource(exchange, job, {chats, jobs, actions, fileOf, ...options});
  }
}

/** @throws PoeError `usage` for a message whose reply needs this program */
export const notDetachable = (): PoeError =>
  new PoeError('usage', 'With an API key, only a video goes on without this program', {
    hint: 'Nothing was sent. The reply to this message arrives over its own connection: wait for it, or use a browser session.',
  });
