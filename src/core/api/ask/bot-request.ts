import {interruption, PoeError} from '../../errors.js';
import type {CallOptions} from '../../options.js';
import type {ApiAccount} from '../account/account.js';
import {NetworkError} from '../../http/network-error.js';
import {pause} from '../../http/retry.js';
import type {Api} from '../http/api.js';
import {completionAccept, completionBody, completionPath, completionProgress} from './completion.js';
import {emptyStream} from '../http/events.js';
import {BotError} from './bot-errors.js';
import type {Part} from './files.js';
import type {ModelBot} from '../../model.js';
import type {Models} from '../models.js';
import {
  type StartedAnswer,
  botErrorIn,
  firstEvent,
  nativeAccept,
  nativeBody,
  nativePath,
  nativeProgress,
} from './native.js';
import type {Progress} from './progress.js';
import type {Protocol} from '../../options.js';
import type {Question} from './question.js';

/** An answer that has begun, by whichever protocol. */
export interface Asked {
  protocol: Protocol;
  progress: AsyncIterable<Progress>;
  /** Hangs up. */
  close(): void;
}

export interface AskOptions extends CallOptions {
  protocol: Protocol;
  /** The bot as the API lists it; undefined for one that is not listed. */
  listed: ModelBot | undefined;
  /** Files that go along inside the question, in OpenAI's form. */
  parts: readonly Part[];
}

const nativeTries = 2;
const nativePauseMs = 500;

/** Asks bots. What failed before anything of an answer came, and may go better, is asked again; the errors are told in full. */
export class BotRequests {
  readonly #api: Api;
  readonly #models: Models;
  readonly #account: ApiAccount;

  constructor(api: Api, models: Models, account: ApiAccount) {
    this.#api = api;
    this.#models = models;
    this.#account = account;
  }

  /** Comes back when an answer begins. @throws PoeError */
  async ask(question: Question, options: AskOptions): Promise<Asked> {
    try {
      return await (options.protocol === 'native' ? this.#native(question, options) : this.#openai(question, options));
    } catch (error) {
      throw await this.#explained(error, question.bot, options);
    }
  }

  async #openai(question: Question, {listed, parts, signal}: AskOptions): Promise<Asked> {
    // Poe wants bots that make media to be asked for the whole at once.
    const isWhole = listed !== undefined && listed.gives.length > 0 && !listed.gives.includes('text');
    const body = completionBody(question, {isWhole, parts});
    const begun = await this.#api.post(completionPath, body, {accept: completionAccept, signal});
    return {protocol: 'openai', progress: completionProgress(begun), close: begun.close};
  }

  /** Until the first event has come nothing is lost by asking again, unless the bot says that it will not. */
  async #native(question: Question, {signal}: AskOptions): Promise<Asked> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#nativeOnce(question, signal);
      } catch (error) {
        const mayRetry = error instanceof BotError ? error.allowsRetry : isLost(error);
        if (!mayRetry || tries >= nativeTries) throw error;
        await pause(nativePauseMs, signal);
      }
    }
  }

  async #nativeOnce(question: Question, signal?: AbortSignal): Promise<Asked> {
    const options = {accept: nativeAccept, signal};
    const begun = await this.#api.post(nativePath(question.bot), nativeBody(question), options);
    try {
      const {events, first}: StartedAnswer = await firstEvent(begun);
      if (first === undefined) throw emptyStream();
      if (first.name === 'error') throw botErrorIn(first);
      return {protocol: 'native', progress: nativeProgress(events), close: begun.close};
    } catch (error) {
      begun.close();
      throw error instanceof NetworkError && error.isDisconnect ? emptyStream(error) : error;
    }
  }

  /** Errors, with what only another question to the API tells: names near to that of the bot, and the points left. */
  async #explained(failed: unknown, bot: string, {signal}: CallOptions): Promise<unknown> {
    if (signal?.aborted || !(failed instanceof PoeError)) return failed;
    switch (failed.code) {
      case 'bot_not_found':
        return new PoeError('bot_not_found', `There is no bot ${bot}`, {
          hint: await this.#nearby(bot, signal),
          cause: failed,
        });
      case 'out_of_points': {
        const left = await this.#account.balance({signal}).catch(() => undefined);
        if (signal?.aborted) return interruption(signal);
        if (!left) return failed;
        const hint = `Your balance is ${left.points.toLocaleString('en')} points. ${failed.hint ?? ''}`;
        return new PoeError('out_of_points', failed.message, {...failed.facts, hint, cause: failed});
      }
      default:
        return failed;
    }
  }

  /** What else may be meant; that is worth no other failure. */
  async #nearby(bot: string, signal?: AbortSignal): Promise<string | undefined> {
    try {
      await this.#models.info(bot, {signal});
      return 'Poe lists it, but does not answer for it.';
    } catch (error) {
      if (signal?.aborted) throw interruption(signal);
      return error instanceof PoeError && error.code === 'bot_not_found' ? error.hint : undefined;
    }
  }
}

/** Whether a stream was lost, rather than not understood. */
const isLost = (error: unknown): boolean =>
  error instanceof PoeError && error.code === 'reply_lost' && !(error.cause instanceof SyntaxError);
