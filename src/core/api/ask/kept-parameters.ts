import type {RetryOptions} from '../../options.js';
import type {SentWith, StoredMessage} from '../chats/chat-log.js';

type Parameters = Pick<RetryOptions, 'parameters' | 'effort'>;

/** What to store with a message that is sent to a bot, so that its reply can be regenerated in the same way. */
export function parametersToKeep(bot: string, {parameters, effort}: Parameters): {sentWith?: SentWith} {
  if (!parameters && !effort) return {};
  return {sentWith: {bot, ...(parameters && {parameters: {...parameters}}), ...(effort && {effort})}};
}

/**
 * The parameters for regenerating the reply to a message: those it was sent with, if the bot is the same, and new ones.
 * A new effort also replaces the parameters that set it before.
 */
export async function parametersForRetry(
  {sentWith}: Pick<StoredMessage, 'sentWith'>,
  bot: string,
  {parameters, effort}: Parameters,
): Promise<Parameters> {
  if (sentWith?.bot.toLowerCase() !== bot.toLowerCase()) return {parameters, effort};
  const kept = sentWith.parameters && effort ? await withoutEffort(sentWith.parameters) : sentWith.parameters;
  return {
    ...((kept || parameters) && {parameters: {...kept, ...parameters}}),
    effort: effort ?? sentWith.effort,
  };
}

async function withoutEffort(parameters: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const {effortNames} = await import('../../parameters/effort.js');
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => !effortNames.has(name)));
}
