import * as v from 'valibot';
import {interruption, maybeCharged, PoeError} from '../../errors.js';
import {parseJson} from '../../http/json.js';
import {readText} from '../../http/request.js';
import {pause} from '../../http/retry.js';
import type {ResponseHeaders} from '../../http/transport.js';
import type {CallOptions} from '../../options.js';
import type {VideoJob} from '../../reply.js';
import type {Api} from '../http/api.js';
import {ResponseError, unknownBody} from '../http/errors.js';
import type {BotQuery} from '../protocols/protocol.js';
import {videosPath} from '../protocols/media-paths.js';
import {type ReportedJob, videoPath, videosAccept, videosBody, videoSchema} from '../protocols/videos.js';
import {whenAborted} from '../../http/when-aborted.js';

/** After an interruption: how long to wait for the ID of a job that may be charged. */
const graceMs = 5000;

/** The pauses between two requests for the state of a job, if Poe does not say when to ask again. */
const [firstPauseMs, growth, longestPauseMs] = [2000, 1.3, 10_000];
const [shortestHintMs, longestHintMs] = [20, 30_000];

/** How long Poe may be unreachable while a job runs. */
const offlineMs = 180_000;
/** How long a job may report the same progress. */
const unchangedMs = 1_800_000;

/** A job, and how long to wait before its state is worth a request. */
export interface StartedJob {
  job: VideoJob;
  pauseMs: number;
}

/** Starts jobs that make videos, and follows them. */
export class VideoJobs {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  /**
   * Starts a job, which may be charged. An interruption waits a moment for its ID.
   * @param image the first picture of the video, in base64
   * @throws PoeError `delivery_unknown` if Poe may have started it
   */
  async create(query: BotQuery, image: string | undefined, {signal}: CallOptions): Promise<StartedJob> {
    if (signal?.aborted) throw interruption(signal);
    using grace = new Grace(signal);
    const options = {accept: videosAccept, signal: grace.signal};
    const response = await this.#api.post(videosPath, videosBody(query, image), options);
    const body = await readText(response).catch((error: unknown) => {
      throw error instanceof PoeError ? maybeCharged(error, 'check_usage') : error;
    });
    const parsed = v.safeParse(videoSchema, parseJson(body));
    if (!parsed.success) throw maybeCharged(unknownBody(videosPath), 'check_usage');
    return {job: toJob(parsed.output), pauseMs: hintIn(response.headers) ?? firstPauseMs};
  }

  /** The state of a job. @throws PoeError `bot_failed` if it has failed or no longer exists */
  async find(id: string, {signal}: CallOptions = {}): Promise<{job: VideoJob; headers: ResponseHeaders}> {
    try {
      const {data, headers} = await this.#api.find(videoPath(id), videoSchema, {signal});
      if (data.status === 'failed') throw failure(data);
      return {job: toJob(data), headers};
    } catch (error) {
      throw error instanceof ResponseError && (error.status === 404 || error.status === 410) ? gone(id, error) : error;
    }
  }

  /**
   * Yields every change of a job until it is completed.
   * @param pauseMs how long to wait before the first request
   * @throws PoeError `bot_failed` as `find`; `reply_lost` if its end cannot be waited for
   */
  async *follow(
    job: VideoJob,
    {signal, pauseMs: firstMs}: CallOptions & {pauseMs: number},
  ): AsyncGenerator<VideoJob, void, undefined> {
    const until = signal ? AbortSignal.any([signal, this.#api.closed]) : this.#api.closed;
    let current = job;
    let pauseMs = firstMs;
    let [answeredAt, changedAt] = [performance.now(), performance.now()];
    while (current.status !== 'completed') {
      await pause(pauseMs, until);
      const found = await this.find(job.id, {signal: until}).catch((error: unknown) => {
        if (!isTransient(error)) throw error;
        if (performance.now() - answeredAt > offlineMs) throw unreachable(error);
        return undefined;
      });
      pauseMs = hintIn(found?.headers) ?? Math.min(longestPauseMs, Math.max(firstPauseMs, pauseMs * growth));
      if (!found) continue;
      answeredAt = performance.now();
      const {status, percent} = found.job;
      if (status !== current.status || percent !== current.percent) changedAt = answeredAt;
      else if (answeredAt - changedAt > unchangedMs) throw stuck();
      current = found.job;
      yield current;
    }
  }
}

/** A signal that is aborted some time after another one. */
class Grace {
  readonly #controller = new AbortController();
  readonly #source: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(source: AbortSignal | undefined) {
    this.#source = source;
    whenAborted(source, this.#wait);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly #wait = (): void => {
    // The request adds that the message may have been charged, if it was sent.
    const cause = interruption(this.#source);
    const error = new PoeError('timeout', 'Interrupted before Poe had confirmed the message', {cause});
    this.#timer = setTimeout(() => this.#controller.abort(error), graceMs);
  };

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#source?.removeEventListener('abort', this.#wait);
  }
}

const toJob = ({id, status, percent, expiresAt}: ReportedJob): VideoJob => ({id, status, percent, expiresAt});

/** Also a response of another server in between, such as a page. */
const isTransient = (error: unknown): error is PoeError =>
  error instanceof PoeError && (error.retryable || error.code === 'not_understood');

/** When to ask again, as OpenAI's API says it. */
function hintIn(headers: ResponseHeaders | undefined): number | undefined {
  const ms = Number(headers?.get('openai-poll-after-ms') || Number.NaN);
  return Number.isFinite(ms) ? Math.max(shortestHintMs, Math.min(longestHintMs, ms)) : undefined;
}

const failure = ({reason}: ReportedJob): PoeError =>
  new PoeError('bot_failed', `The video failed${reason === '' ? '' : `: ${reason}`}`, {
    hint: 'It may have been charged. Change the message, or use another bot.',
    remedy: 'show_points',
  });

const gone = (id: string, cause: PoeError): PoeError =>
  new PoeError('bot_failed', `Poe no longer has the video ${id}`, {
    hint: 'Videos can be downloaded for a limited time only.',
    remedy: 'retry_reply',
    cause,
  });

const unreachable = (cause: PoeError): PoeError =>
  new PoeError('reply_lost', `Poe cannot be reached: ${cause.message}`, {
    hint: 'The video is still being made.',
    remedy: 'attach',
    cause,
  });

const stuck = (): PoeError =>
  new PoeError('reply_lost', `The video has made no progress for ${unchangedMs / 60_000} minutes`, {remedy: 'attach'});
