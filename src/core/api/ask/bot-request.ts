import {interruption, PoeError} from '../../errors.js';
import {withResends} from '../../http/resend.js';
import type {ModelBot} from '../../model.js';
import type {CallOptions, Protocol} from '../../options.js';
import type {ApiAccount} from '../account/account.js';
import type {Api} from '../http/api.js';
import {endedEarly} from '../http/events.js';
import {ResponseError} from '../http/errors.js';
import type {Models} from '../models.js';
import {lostBeforeReply} from './bot-errors.js';
import {
  completionAccept,
  completionBody,
  completionPath,
  completionProgress,
  optionalField,
} from '../protocols/completion.js';
import type {Part} from './message-files.js';
import type {RejectedFields} from './rejected-fields.js';
import {firstEvent, nativeAccept, nativeBody, nativePath} from '../protocols/native.js';
import {eventError, nativeProgress} from '../protocols/native-reader.js';
import {type BotQuery, hasContent, type ReplyProgress} from '../protocols/protocol.js';

/** A reply that has started, in either protocol. */
export interface StartedReply {
  protocol: Protocol;
  progress: AsyncIterable<ReplyProgress>;
  /** Closes the connection. */
  close(): void;
}

export interface BotRequestOptions extends CallOptions {
  protocol: Protocol;
  /** The bot's entry in the list of bots, if it is known. */
  listed: ModelBot | undefined;
  /** Files to send inside the last message. */
  parts: readonly Part[];
  /** How often to send the query again if it may have been processed. Each time may be charged. */
  retries?: number | undefined;
}

interface BotRequestsDeps {
  api: Api;
  models: Models;
  account: ApiAccount;
  rejectedFields: RejectedFields;
}

/** Sends queries to bots, and explains failures. A query that may have been processed is repeated only on request. */
export class BotRequests {
  readonly #api: Api;
  readonly #models: Models;
  readonly #account: ApiAccount;
  readonly #rejectedFields: RejectedFields;

  constructor({api, models, account, rejectedFields}: BotRequestsDeps) {
    this.#api = api;
    this.#models = models;
    this.#account = account;
    this.#rejectedFields = rejectedFields;
  }

  /** Sends a query and returns when the reply begins. @throws PoeError */
  async send(query: BotQuery, options: BotRequestOptions): Promise<StartedReply> {
    try {
      return await withResends(options, async (isLast) => {
        const started = await (options.protocol === 'native'
          ? this.#sendNative(query, options)
          : this.#sendOpenai(query, options));
        return isLast ? started : awaitStart(started);
      });
    } catch (error) {
      throw await this.#explain(error, query, options);
    }
  }

  async #sendOpenai(query: BotQuery, {listed, parts, signal}: BotRequestOptions): Promise<StartedReply> {
    // Poe recommends not to stream from bots that generate media (OpenAI-compatible API, 2026).
    const isStreamed = listed === undefined || listed.gives.length === 0 || listed.gives.includes('text');
    const post = async () => {
      const omitted = await this.#rejectedFields.of(query.bot);
      const body = completionBody(query, {isStreamed, parts, omitted});
      return this.#api.post(completionPath, body, {accept: completionAccept, signal});
    };
    const response = await post().catch(async (error: unknown) => {
      const field = error instanceof ResponseError ? optionalField(error.rejectedField, query) : undefined;
      if (field === undefined) throw error;
      await this.#rejectedFields.add(query.bot, field);
      return post();
    });
    return {protocol: 'openai', progress: completionProgress(response), close: response.close};
  }

  async #sendNative(query: BotQuery, {signal}: BotRequestOptions): Promise<StartedReply> {
    const body = nativeBody(query);
    const response = await this.#api.post(nativePath(query.bot), body, {accept: nativeAccept, signal});
    try {
      const {events, first} = await firstEvent(response);
      if (first === undefined) throw endedEarly();
      if (first.name === 'error') throw eventError(first);
      return {protocol: 'native', progress: nativeProgress(events), close: response.close};
    } catch (error) {
      response.close();
      throw lostBeforeReply(error);
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
