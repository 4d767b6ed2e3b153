import type {Log} from '../../log/log.js';
import type {Bot} from '../../model.js';
import {apiParameterNames, type SendOptions} from '../../options.js';
import {describeEffort, effortParameters} from '../../parameters/effort.js';
import {parseParameters} from '../../parameters/parse-parameters.js';
import {unsupported} from '../../unsupported.js';

/**
 * The parameters to send to a bot; null for none.
 * @param bot as its page shows it
 * @throws PoeError `usage` for a parameter or value that the bot does not accept; `not_logged_in` for one that only the API has
 */
export function chooseParameters(
  {handle, parameters}: Pick<Bot, 'handle' | 'parameters'>,
  {parameters: texts = {}, effort}: Pick<SendOptions, 'parameters' | 'effort'>,
  log: Log,
): Record<string, unknown> | null {
  const accepted = parameters ?? [];
  const names = new Set(accepted.map(({name}) => name));
  const ofApi = Object.keys(texts).find((name) => apiParameterNames.has(name) && !names.has(name));
  if (ofApi !== undefined) throw unsupported(`Setting the parameter ${ofApi} of ${handle}`, 'api');
  const forEffort = effort && effortParameters(effort, handle, accepted);
  if (forEffort) log({what: 'effort', status: describeEffort(forEffort)});
  const all = {...forEffort, ...texts};
  const parsed = parseParameters(all, {bot: handle, parameters: accepted, hasUnknown: !parameters});
  return Object.keys(parsed).length > 0 ? parsed : null;
}
