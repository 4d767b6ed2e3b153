import {interruption, PoeError} from '../../errors.js';
import type {Log} from '../../log/log.js';
import type {ModelBot} from '../../model-bot.js';
import type {CallOptions, Effort, Protocol} from '../../options.js';
import {handleOf} from '../../names/bot-name.js';
import type {Models} from '../models.js';
import type {BotQuery} from '../protocols/protocol.js';
import {asRequested, defaultProtocol} from './default-protocol.js';

export interface ChooseOptions extends CallOptions {
  protocol?: Protocol;
  parameters?: Readonly<Record<string, string>>;
  effort?: Effort | undefined;
  /** Whether this message or an earlier one has files. */
  hasFiles: boolean;
  /** How many files this message has. */
  newFiles: number;
  /** The length of the message and its context, in UTF-8 bytes. */
  length: number;
}

export interface ChosenProtocol {
  protocol: Protocol;
  /** The bot's entry in the list of bots; undefined if it is not listed or the list was not needed. */
  listed: ModelBot | undefined;
  query: Omit<BotQuery, 'messages'>;
}

/** How long to wait for the list of bots, which is useful but not required. */
const listTimeoutMs = 10_000;

/** Chooses the protocol for a message to a bot. */
export class ProtocolChooser {
  readonly #models: Models;
  readonly #log: Log;

  constructor(models: Models, log: Log) {
    this.#models = models;
    this.#log = log;
  }

  /**
   * Chooses the protocol, unless one is requested, and checks the parameters.
   * @param name the bot's handle, perhaps with its maker's name
   * @throws PoeError `usage` for a parameter that the bot does not have
   */
  async choose(name: string, options: ChooseOptions): Promise<ChosenProtocol> {
    const {effort, protocol: requested, hasFiles, newFiles, length} = options;
    const bot = handleOf(name);
    const hasParameters = options.parameters !== undefined || effort !== undefined;
    // One file may be the first picture of a video.
    const needsList = hasParameters || (requested ? requested !== 'native' : !hasFiles || newFiles === 1);
    const found = needsList ? await this.#find(bot, options, hasParameters) : undefined;
    const listed = found ?? undefined;
    const facts = {hasFiles, newFiles, length, parameters: options.parameters ?? {}};
    const {choice, parameters} = hasParameters
      ? (await import('./choose-with-parameters.js')).chooseWithParameters(bot, listed, {
          ...options,
          ...facts,
          log: this.#log,
        })
      : {choice: requested ? asRequested(requested) : defaultProtocol(found, facts), parameters: {}};
    const [protocol, reason] = choice;
    this.#log({what: 'protocol', status: `${protocol}, ${reason}`});
    return {protocol, listed, query: {bot, parameters}};
  }

  /** The bot's entry in the list of bots; undefined if it is not listed or the list is unavailable. */
  async find(bot: string, options: CallOptions): Promise<ModelBot | undefined> {
    return (await this.#find(bot, options, false)) ?? undefined;
  }

  /**
   * Looks up a bot in the list. With parameters, which cannot be checked without it, the list is required.
   * @returns undefined if the bot is not listed, null if the list is unavailable
   */
  async #find(bot: string, {signal}: CallOptions, isRequired: boolean): Promise<ModelBot | undefined | null> {
    const known = this.#models.known(bot);
    if (known || isRequired) return known ?? this.#models.find(bot, {signal});
    const timeout = AbortSignal.timeout(listTimeoutMs);
    try {
      return await this.#models.find(bot, {signal: signal ? AbortSignal.any([signal, timeout]) : timeout});
    } catch (error) {
      if (signal?.aborted) throw interruption(signal);
      if (!(error instanceof PoeError)) throw error;
      this.#log({what: 'list of bots', status: timeout.aborted ? 'timed out' : error.message});
      return null;
    }
  }
}
