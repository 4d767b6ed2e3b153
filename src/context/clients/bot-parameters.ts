import {mediaProtocol} from '../../core/api/protocols/media-protocol.js';
import type {Bot} from '../../core/model.js';
import type {ModelBot} from '../../core/model-bot.js';
import type {Protocol} from '../../core/options.js';
import {apiParameters} from '../../core/parameters/api-parameters.js';
import type {BotParameter} from '../../core/parameters/bot-parameter.js';
import {defaultValues, isActive} from '../../core/parameters/conditions.js';
import {type AcceptedParameters, parseParameters} from '../../core/parameters/parse-parameters.js';

/** Values of parameters as they are typed, by name. */
type Values = Readonly<Record<string, string>>;

/** The parameters of a bot for the messages of a chat. */
export class ChatParameters {
  readonly #accepted: AcceptedParameters;

  /** @param bot undefined if the API does not list it. @param protocol with an API key */
  constructor(handle: string, bot: Bot | ModelBot | undefined, protocol?: Protocol) {
    const isWeb = bot !== undefined && !('pricesUsd' in bot);
    const usual = isWeb || bot === undefined ? undefined : mediaProtocol(bot.endpoints);
    const parameters = isWeb ? (bot.parameters ?? []) : apiParameters(bot, protocol ?? usual ?? 'openai');
    this.#accepted = {bot: bot?.handle ?? handle, parameters, hasUnknown: isWeb ? !bot.parameters : !bot};
  }

  /** The parameters that have an effect with these values. */
  active(values: Values): BotParameter[] {
    const {parameters} = this.#accepted;
    const all = {...defaultValues(parameters), ...values};
    return parameters.filter((parameter) => isActive(parameter, all));
  }

  /**
   * Sets a parameter.
   * @param value empty for the default
   * @param values those of the others
   * @returns all values, without those that no longer have an effect
   * @throws PoeError `usage` for a parameter or value that the bot does not accept
   */
  set(name: string, value: string, {[name]: _before, ...others}: Values): Values {
    if (value === '') return this.#withEffect(others);
    const all = {...others, [name]: value};
    const kept = this.#withEffect(all);
    parseParameters(Object.hasOwn(kept, name) ? kept : all, this.#accepted);
    return kept;
  }

  #withEffect(values: Values): Values {
    const known = new Set(this.#accepted.parameters.map(({name}) => name));
    const active = new Set(this.active(values).map(({name}) => name));
    const kept = Object.entries(values).filter(([name]) => active.has(name) || !known.has(name));
    return kept.length === Object.keys(values).length ? values : this.#withEffect(Object.fromEntries(kept));
  }
}

/** The parameters of a bot. The API lists none of bots for images and videos: those of their endpoints apply. */
export function listedParameters(bot: Bot | ModelBot): readonly BotParameter[] {
  if (!('pricesUsd' in bot)) return bot.parameters ?? [];
  const media = mediaProtocol(bot.endpoints);
  return media ? apiParameters(bot, media) : bot.parameters;
}
