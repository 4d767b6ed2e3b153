import {interruption, PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import type {ModelBot} from '../../model-bot.js';
import type {CallOptions, Effort, Protocol} from '../../options.js';
import {handleOf, type Models} from '../models.js';
import {anthropicPath, checkAnthropicParameters, untranslatable} from '../protocols/anthropic-body.js';
import type {BotQuery} from '../protocols/protocol.js';
import {effortParameter} from './effort.js';
import {parseParameters} from './parameters.js';

export interface ChooseOptions extends CallOptions {
  protocol?: Protocol;
  parameters?: Readonly<Record<string, string>>;
  effort?: Effort | undefined;
  /** Whether this message or an earlier one has files. */
  hasFiles: boolean;
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
   * Chooses chat completions for bots that the API lists for them, or lists without endpoints; Poe's own protocol for all other
   * bots and for messages with files.
   * @param name the bot's handle, perhaps with its maker's name
   * @throws PoeError `usage` for a parameter that the bot does not have
   */
  async choose(name: string, options: ChooseOptions): Promise<ChosenProtocol> {
    const {effort, protocol: requested, hasFiles, length} = options;
    const bot = handleOf(name);
    const hasParameters = options.parameters !== undefined || effort !== undefined;
    const needsList = hasParameters || (!requested && !hasFiles) || (requested !== undefined && requested !== 'native');
    const found = needsList ? await this.#find(bot, options, hasParameters) : undefined;
    const listed = found ?? undefined;
    const parameters = {...(effort && effortParameter(effort, listed, bot)), ...options.parameters};
    const [protocol, reason] = requested
      ? ([requested, 'as requested'] as const)
      : defaultProtocol(found, {hasFiles, parameters, length});
    this.#log({what: 'protocol', status: `${protocol}, ${reason}`});
    const parsed = hasParameters ? parseParameters(parameters, listed, protocol) : {};
    if (protocol === 'messages') checkAnthropicParameters(parsed);
    return {protocol, listed, query: {bot, parameters: parsed}};
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
    if (isRequired) return this.#models.find(bot, {signal});
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

/**
 * From this length on, about 4,000 tokens, a cached prompt costs noticeably less than a new one. In shorter prompts, providers
 * do not cache anything.
 */
const cacheableBytes = 16_000;

interface MessageFacts {
  hasFiles: boolean;
  parameters: Readonly<Record<string, string>>;
  length: number;
}

function defaultProtocol(
  listed: ModelBot | undefined | null,
  {hasFiles, parameters, length}: MessageFacts,
): readonly [Protocol, string] {
  if (hasFiles) return ['native', 'because there are files'];
  if (listed === null) return ['openai', 'because the list of bots is unavailable'];
  if (listed === undefined) return ['native', 'because the bot is not listed'];
  const {endpoints} = listed;
  if (endpoints.includes(anthropicPath) && length >= cacheableBytes && untranslatable(parameters) === undefined) {
    return ['messages', 'because the chat is long and the bot caches its prompt'];
  }
  if (endpoints.length === 0) return ['openai', 'because the bot is listed'];
  return endpoints.some((endpoint) => endpoint.endsWith('chat/completions'))
    ? ['openai', 'because the bot is listed for chat completions']
    : ['native', 'because the bot is not listed for chat completions'];
}
