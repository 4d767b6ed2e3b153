import {interruption, PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import type {CallOptions} from '../../options.js';
import type {ModelBot} from '../../model.js';
import {handleOf, type Models} from '../models.js';
import {checkedParameters} from './parameters.js';
import type {Protocol} from '../../options.js';
import type {Question} from './question.js';

export interface RouteOptions extends CallOptions {
  protocol?: Protocol;
  parameters?: Readonly<Record<string, string>>;
  /** Whether files go along, with this message or one before it. */
  hasFiles: boolean;
}

export interface ChosenProtocol {
  protocol: Protocol;
  listed: ModelBot | undefined;
  question: Omit<Question, 'said'>;
}

/** The list of bots is a help, and not waited for as long as an answer is. */
const patienceMs = 10_000;

/** Finds out how a bot is to be asked. */
export class ProtocolChooser {
  readonly #models: Models;
  readonly #log: Log;

  constructor(models: Models, log: Log) {
    this.#models = models;
    this.#log = log;
  }

  /**
   * Chat completions for bots that the API lists for them, or lists without saying what for; Poe's own protocol for all others,
   * and where files go along.
   * @throws PoeError `usage` for a parameter that the bot does not have
   */
  async to(name: string, options: RouteOptions): Promise<ChosenProtocol> {
    const {parameters = {}, protocol: wanted, hasFiles} = options;
    const bot = handleOf(name);
    const isAsked = Object.keys(parameters).length > 0;
    const listed =
      isAsked || (!wanted && !hasFiles) || wanted === 'openai' ? await this.#listed(bot, options) : undefined;
    const [protocol, why] = wanted ? ([wanted, 'asked for'] as const) : usual(listed, hasFiles);
    this.#log({what: 'protocol', status: `${protocol}, ${why}`});
    return {
      protocol,
      listed: listed ?? undefined,
      question: {bot, parameters: isAsked ? checkedParameters(parameters, listed ?? undefined, protocol) : {}},
    };
  }

  /** Undefined for a bot that is not listed, null where the list cannot be had; parameters are not sent without one. */
  async #listed(bot: string, {signal, parameters}: RouteOptions): Promise<ModelBot | undefined | null> {
    if (parameters) return this.#models.find(bot, {signal});
    const patience = AbortSignal.timeout(patienceMs);
    try {
      return await this.#models.find(bot, {signal: signal ? AbortSignal.any([signal, patience]) : patience});
    } catch (error) {
      if (signal?.aborted) throw interruption(signal);
      if (!(error instanceof PoeError)) throw error;
      this.#log({what: 'list of bots', status: patience.aborted ? 'took too long' : error.message});
      return null;
    }
  }
}

function usual(listed: ModelBot | undefined | null, hasFiles: boolean): readonly [Protocol, string] {
  if (hasFiles) return ['native', 'for files go along'];
  if (listed === null) return ['openai', 'for the list of bots cannot be had'];
  if (listed === undefined) return ['native', 'for the bot is not listed'];
  const {endpoints} = listed;
  if (endpoints.length === 0) return ['openai', 'for the bot is listed'];
  const hasChat = endpoints.some((endpoint) => endpoint.endsWith('chat/completions'));
  return hasChat ? ['openai', 'for the bot is listed for it'] : ['native', 'for the bot is not listed for the other'];
}
