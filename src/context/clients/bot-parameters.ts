import {commonParameters, parseParameters} from '../../core/api/ask/parameters.js';
import type {BotParameter, ModelBot} from '../../core/model-bot.js';
import type {Protocol} from '../../core/options.js';

/** The parameters that a bot accepts, its own ones first. @param bot undefined if the API does not list it */
export const parametersOf = (bot: ModelBot | undefined, protocol: Protocol = 'openai'): BotParameter[] => {
  const own = bot?.parameters ?? [];
  const names = new Set(own.map(({name}) => name));
  return [...own, ...commonParameters[protocol].filter(({name}) => !names.has(name))];
};

/** @throws PoeError `usage` for a parameter or value that the bot does not accept */
export function checkParameter(
  bot: ModelBot | undefined,
  {name, value}: {name: string; value: string},
  protocol: Protocol = 'openai',
): void {
  parseParameters({[name]: value}, bot, protocol);
}
