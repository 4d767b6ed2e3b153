import {interruption, PoeError} from '../../errors.js';
import {NetworkError} from '../../http/network-error.js';
import {pause} from '../../http/retry.js';
import type {ModelBot} from '../../model.js';
import type {CallOptions, Protocol} from '../../options.js';
import type {ApiAccount} from '../account/account.js';
import type {Api} from '../http/api.js';
import {emptyStream} from '../http/events.js';
import type {Models} from '../models.js';
import {BotError} from './bot-errors.js';
import {completionAccept, completionBody, completionPath, completionProgress} from './completion.js';
import type {Part} from './message-files.js';
import {firstEvent, nativeAccept, nativeBody, nativePath} from './native.js';
import {eventError, nativeProgress} from './native-reader.js';
import type {BotQuery, ReplyProgress} from './protocol.js';

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
}

const nativeMaxTries = 2;
const nativePauseMs = 500;

/** Sends queries to bots. Retries temporary failures before the reply begins, and explains the last one. */
export class BotRequests {
  readonly #api: Api;
  readonly #models: Models;
  readonly #account: ApiAccount;

  constructor(api: Api, models: Models, account: ApiAccount) {
    this.#api = api;
    this.#models = models;
    this.#account = account;
  }

  /** Sends a query and returns when the reply begins. @throws PoeError */
  async send(query: BotQuery, options: BotRequestOptions): Promise<StartedReply> {
    try {
      return await (options.protocol === 'native'
        ? this.#sendNative(query, options)
        : this.#sendOpenai(query, options));
    } catch (error) {
      throw await this.#explain(error, query.bot, options);
    }
  }

  async #sendOpenai(query: BotQuery, {listed, parts, signal}: BotRequestOptions): Promise<StartedReply> {
    // Poe recommends not to stream from bots that generate media (OpenAI-compatible API, 2026).
    const isStreamed = listed === undefined || listed.gives.length === 0 || listed.gives.includes('text');
    const body = completionBody(query, {isStreamed, parts});
    const response = await this.#api.post(completionPath, body, {accept: completionAccept, signal});
    return {protocol: 'openai', progress: completionProgress(response), close: response.close};
  }

  /** Sends a query again if the stream ends before its first event, unless the bot rules that out. */
  async #sendNative(query: BotQuery, {signal}: BotRequestOptions): Promise<StartedReply> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#sendNativeOnce(query, signal);
      } catch (error) {
        const isRetryable = error instanceof BotError ? error.allowsRetry : isLostStream(error);
        if (!isRetryable || tries >= nativeMaxTries) throw error;
        await pause(nativePauseMs, signal);
      }
    }
  }

  async #sendNativeOnce(query: BotQuery, signal?: AbortSignal): Promise<StartedReply> {
    const response = await this.#api.post(nativePath(query.bot), nativeBody(query), {accept: nativeAccept, signal});
    try {
      const {events, first} = await firstEvent(response);
      if (first === undefined) throw emptyStream();
      if (first.name === 'error') throw eventError(first);
      return {protocol: 'native', progress: nativeProgress(events), close: response.close};
    } catch (error) {
      response.close();
      throw error instanceof NetworkError && error.isDisconnect ? emptyStream(error) : error;
    }
  }

  /** Adds details that need another request: bots with similar names, or the balance. */
  async #explain(error: unknown, bot: string, {signal}: CallOptions): Promise<unknown> {
    if (signal?.aborted || !(error instanceof PoeError)) return error;
    if (error.code === 'bot_not_found') return this.#explainNotFound(error, bot, signal);
    return error.code === 'out_of_points' ? this.#explainOutOfPoints(error, signal) : error;
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
    const message = `No bot named ${JSON.stringify(bot)}`;
    try {
      await this.#models.info(bot, {signal});
      return new PoeError('bot_not_found', message, {hint: 'Poe lists it, but it does not respond.', cause});
    } catch (error) {
      if (signal?.aborted) return interruption(signal);
      const isUnlisted = error instanceof PoeError && error.code === 'bot_not_found';
      return new PoeError('bot_not_found', message, {...(isUnlisted && {...error.facts, hint: error.hint}), cause});
    }
  }
}

/** Whether a stream ended too early, rather than being malformed. */
const isLostStream = (error: unknown): boolean =>
  error instanceof PoeError && error.code === 'reply_lost' && !(error.cause instanceof SyntaxError);
