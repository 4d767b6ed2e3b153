import type {Client} from '../../core/client.js';
import {findEffort} from '../../core/parameters/effort.js';
import type {CallOptions, Effort} from '../../core/options.js';
import type {ChatRequest} from '../formats/chat-request.js';

/** The names that callers have for the effort of a bot. */
const efforts: ReadonlyMap<string, Effort> = new Map([
  ['minimal', 'low'],
  ['low', 'low'],
  ['medium', 'medium'],
  ['high', 'high'],
  ['xhigh', 'high'],
  ['max', 'high'],
]);

interface BotOptions {
  /** Missing if there are none. */
  parameters?: Record<string, string>;
  /** The fields of the request that have no effect. */
  ignored: string[];
}

/** The parameters that a request sets, as far as the bot has them. The bot is looked up only if the request may set any. @throws PoeError */
export async function botOptions(
  {bots}: Pick<Client, 'bots'>,
  handle: string,
  {parameters: wanted, effort: level, ignored}: Pick<ChatRequest, 'parameters' | 'effort' | 'ignored'>,
  options: CallOptions,
): Promise<BotOptions> {
  const effort = level === undefined ? undefined : efforts.get(level);
  const unused = level !== undefined && effort === undefined ? ['effort'] : [];
  if (effort === undefined && Object.keys(wanted).length === 0) return {ignored: [...ignored, ...unused]};
  const {parameters: accepted = []} = await bots.info(handle, options);
  const names = new Set(accepted.map(({name}) => name));
  const ofEffort = effort && findEffort(effort, accepted);
  const own = Object.entries(wanted).filter(([name]) => names.has(name));
  const parameters = {...ofEffort, ...Object.fromEntries(own)};
  return {
    ...(Object.keys(parameters).length > 0 && {parameters}),
    ignored: [
      ...ignored,
      ...unused,
      ...(effort && !ofEffort ? ['effort'] : []),
      ...Object.keys(wanted).filter((name) => !names.has(name)),
    ],
  };
}
