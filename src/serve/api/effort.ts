import type {ModelBot} from '../../core/model-bot.js';
import type {Effort} from '../../core/options.js';
import {ownParameters} from '../../core/parameters/api-parameters.js';
import {effortNames, findEffort} from '../../core/parameters/effort.js';
import {parseParameters} from '../../core/parameters/parse-parameters.js';
import {fieldsOf} from '../../core/http/json.js';
import type {JsonObject} from '../serve-backend.js';

/** The efforts that programs know, as the ones that are mapped to the parameters of bots. */
const efforts: Readonly<Record<string, Effort>> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/**
 * A request for a chat completion with the parameter by which the bot sets its effort: bots name it differently, and some reject
 * OpenAI's `reasoning_effort`. OpenRouter's `reasoning.effort` is understood as well.
 * @param bot undefined if the API does not list it: then nothing is changed
 */
export function mapEffort(body: JsonObject, bot: ModelBot | undefined): JsonObject {
  const {reasoning_effort, reasoning, ...others} = body;
  const wanted = reasoning_effort ?? fieldsOf(reasoning)['effort'];
  if (!bot || typeof wanted !== 'string') return body;
  const parameters = ownParameters(bot, 'openai');
  // The program knows the bot's own parameter.
  if (parameters.some(({name}) => name !== 'reasoning_effort' && effortNames.has(name) && name in others))
    return others;
  const exact = parameters.find(({name, schema}) => effortNames.has(name) && schema?.enum?.includes(wanted));
  if (exact) return {...others, [exact.name]: wanted};
  const effort = efforts[wanted.toLowerCase()];
  // Poe may ignore OpenAI's field, so the bot's own parameters come first.
  const texts = effort && (findEffort(effort, bot.parameters) ?? findEffort(effort, parameters));
  if (!texts) return others;
  return {...others, ...parseParameters(texts, {bot: bot.handle, parameters, hasUnknown: false})};
}
