import {PoeError} from '../../errors.js';
import type {Log} from '../../log/log.js';
import type {ModelBot} from '../../model-bot.js';
import type {Effort, Protocol} from '../../options.js';
import {apiParameters, ownParameters} from '../../parameters/api-parameters.js';
import {describeEffort, effortParameters, findEffort} from '../../parameters/effort.js';
import {parseParameters} from '../../parameters/parse-parameters.js';
import {withVoice} from '../../parameters/voice.js';
import {anthropicPath, checkAnthropicParameters} from '../protocols/anthropic-body.js';
import {responsesPath} from '../protocols/responses-body.js';
import {asRequested, type Choice, defaultProtocol, type MessageFacts} from './default-protocol.js';

interface MessageWithParameters extends MessageFacts {
  protocol?: Protocol | undefined;
  effort?: Effort | undefined;
  log: Log;
}

/**
 * The protocol and the parameters for a message that has parameters or an effort.
 * @param bot its handle
 * @param listed the bot's entry in the list of bots; undefined if it is not listed
 * @throws PoeError `usage` for a parameter that the bot does not have
 */
export function chooseWithParameters(
  bot: string,
  listed: ModelBot | undefined,
  {protocol: requested, effort, log, ...message}: MessageWithParameters,
): {choice: Choice; parameters: Record<string, unknown>} {
  if (effort && !listed) throw unknownParameters(bot);
  const listedEffort = effort && listed && findEffort(effort, listed.parameters);
  const usual = defaultProtocol(listed, {...message, parameters: {...listedEffort, ...message.parameters}});
  const needsField = effort && listed && !listedEffort;
  const choice = requested ? asRequested(requested) : needsField ? protocolForEffort(listed, usual, message) : usual;
  const [protocol] = choice;
  const own = listed ? ownParameters(listed, protocol) : [];
  const forEffort = listedEffort ?? (effort && effortParameters(effort, bot, own));
  if (forEffort) log({what: 'effort', status: describeEffort(forEffort)});
  const accepted = {bot, parameters: apiParameters(listed, protocol), hasUnknown: !listed};
  const parameters = parseParameters({...forEffort, ...withVoice(message.parameters, own)}, accepted);
  if (protocol === 'messages') checkAnthropicParameters(parameters);
  return {choice, parameters};
}

/**
 * Poe's chat completions ignore the effort of bots that do not list a parameter for it (Poe's documentation, June 2026); the formats
 * of the providers have a field for it.
 */
function protocolForEffort({reasoning, endpoints}: ModelBot, usual: Choice, {hasFiles}: MessageFacts): Choice {
  const isOfPoe = usual[0] === 'openai' || usual[0] === 'native';
  if (!reasoning || !isOfPoe || hasFiles) return usual;
  const reason = 'because it has a field for the effort';
  if (reasoning.takesEffort && endpoints.includes(responsesPath)) return ['responses', reason];
  return endpoints.includes(anthropicPath) ? ['messages', reason] : usual;
}

const unknownParameters = (bot: string) =>
  new PoeError('usage', `Poe's API does not list ${bot}, so it is not known which parameter sets its effort`, {
    hint: 'If you know it, set that parameter by its name.',
    bot,
  });
