import {interruption, PoeError} from '../../errors.js';
import {withResends} from '../../http/resend.js';
import type {Log} from '../../log/log.js';
import type {CallOptions} from '../../options.js';
import type {ApiAccount} from '../account/account.js';
import type {Api} from '../http/api.js';
import type {Models} from '../models.js';
import {type BotQuery, hasContent, type ReplyProgress} from '../protocols/protocol.js';
import {lostBeforeReply} from './bot-errors.js';
import {type ProtocolOptions, ProtocolRequests, type StartedReply} from './protocol-requests.js';
import type {RejectedFields} from './rejected-fields.js';
import type {StartedJob, VideoJobs} from '../videos/jobs.js';

export interface BotRequestOptions extends ProtocolOptions {
  /** How often to send the query again if it may have been processed. Each time may be charged. */
  retries?: number | undefined;
}

interface BotRequestsDeps {
  api: Api;
  models: Models;
  account: ApiAccount;
  jobs: VideoJobs;
  rejectedFields: RejectedFields;
  log: Log;
}

/** Sends queries to bots, and explains failures. A query that may have been processed is repeated only on request. */
export class BotRequests {
  readonly #api: Api;
  readonly #models: Models;
  readonly #account: ApiAccount;
  readonly #requests: ProtocolRequests;
  readonly #jobs: VideoJobs;

  constructor({api, models, account, jobs, rejectedFields, log}: BotRequestsDeps) {
    this.#jobs = jobs;
    this.#api = api;
    this.#models = models;
    this.#account = account;
    this.#requests = new ProtocolRequests(api, rejectedFields, log);
  }

  /** Connects to the API while a query is prepared. */
  prepare(): void {
    this.#api.prepare();
  }

  /** Sends a query and returns when the reply begins. @throws PoeError */
  async send(query: BotQuery, options: BotRequestOptions): Promise<StartedReply> {
    try {
      return await withResends(options, async (isLast) => {
        const started = await this.#requests.send(query, options);
        return isLast ? started : awaitStart(started);
      });
    } catch (error) {
      throw await this.#explain(error, query, options);
    }
  }

  /** Starts a job that makes a video. @param image its first picture, in base64. @throws PoeError */
  async startVideo(
    query: BotQuery,
    {image, ...options}: CallOptions & {image: string | undefined; retries?: number | undefined},
  ): Promise<StartedJob> {
    try {
      return await withResends(options, () => this.#jobs.create(query, image, options));
    } catch (error) {
      throw await this.#explain(error, query, options);
    }
  }

  /** Adds what the query or another request explains: its context, its parameters, bots with similar names, or the balance. */
  async #explain(error: unknown, query: BotQuery, {signal}: CallOptions): Promise<unknown> {
    if (signal?.aborted || !(error instanceof PoeError)) return error;
    const {bot, messages, parameters} = query;
    switch (error.code) {
      case 'bot_not_found':
        return this.#explainNotFound(error, bot, signal);
      case 'out_of_points':
        return this.#explainOutOfPoints(error, signal);
      case 'too_large':
        return messages.length > 1 ? error.with({remedy: 'forget_chat'}) : error;
      case 'refused':
        return Object.keys(parameters).length > 0 || error.facts.remedy === 'show_parameters'
          ? error.with({remedy: 'show_parameters', bot})
          : error;
      default:
        return error;
    }
  }

  async #explainOutOfPoints(cause: PoeError, signal?: AbortSignal): Promise<PoeError> {
    try {
      const {points} = await this.#account.balance({signal});
      const hint = `Your balance is ${points.toLocaleString('en')} points. ${cause.hint ?? ''}`;
      return new PoeError('out_of_points', cause.message, {hint, cause});
    } catch {
      return signal?.aborted ? interruption(signal) : cause;
    }
  }

  async #explainNotFound(cause: PoeError, bot: string, signal?: AbortSignal): Promise<PoeError> {
    try {
      await this.#models.info(bot, {signal});
      return new PoeError('bot_not_found', `Poe lists the bot ${bot}, but cannot reach it`, {
        hint: 'Try again later.',
        remedy: 'choose_bot',
        cause,
      });
    } catch (error) {
      if (signal?.aborted) return interruption(signal);
      const isUnlisted = error instanceof PoeError && error.code === 'bot_not_found';
      const message = `No bot named ${JSON.stringify(bot)}`;
      return new PoeError('bot_not_found', message, {...(isUnlisted && {...error.facts, hint: error.hint}), cause});
    }
  }
}

/** Waits for the first content of a reply. @throws PoeError `delivery_unknown` if the reply ends before that */
async function awaitStart({progress, ...started}: StartedReply): Promise<StartedReply> {
  const iterator = progress[Symbol.asyncIterator]();
  const before: ReplyProgress[] = [];
  try {
    for (;;) {
      const next = await iterator.next();
      if (!next.done) before.push(next.value);
      if (next.done || hasContent(next.value)) break;
    }
  } catch (error) {
    started.close();
    throw lostBeforeReply(error);
  }
  return {...started, progress: concatenate(before, iterator)};
}

async function* concatenate<T>(first: readonly T[], rest: AsyncIterator<T>): AsyncGenerator<T, void, undefined> {
  yield* first;
  yield* {[Symbol.asyncIterator]: () => rest};
}
