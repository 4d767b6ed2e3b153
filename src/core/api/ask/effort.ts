import {PoeError} from '../../errors.js';
import type {BotParameter, ModelBot} from '../../model-bot.js';
import type {Effort} from '../../options.js';

/*
 * Bots name the parameter for their reasoning differently (models.dev, 2026): `reasoning_effort`, `output_effort`,
 * `thinking_level`, `thinking_budget`, `enable_thinking`.
 */

/** Names of parameters whose value is a level, most specific first. */
const levelNames = ['reasoning_effort', 'output_effort', 'thinking_effort', 'thinking_level', 'effort'];

/** For each effort the levels that mean it, best first. */
const levels: Readonly<Record<Effort, readonly string[]>> = {
  low: ['low', 'minimal', 'none', 'medium'],
  medium: ['medium', 'standard', 'low', 'high'],
  high: ['high', 'max', 'xhigh', 'medium'],
};

/** Tokens of reasoning, if the bot allows as many. */
const budgets: Readonly<Record<Effort, number>> = {low: 2_048, medium: 8_192, high: 32_768};

/**
 * The parameter that sets the effort of a bot.
 * @throws PoeError `usage` if the bot has none
 */
export function effortParameter(effort: Effort, bot: ModelBot | undefined, name: string): Record<string, string> {
  const parameters = bot?.parameters ?? [];
  const found =
    levelNames.map((each) => levelOf(effort, parameters, each)).find((each) => each !== undefined) ??
    budgetOf(effort, parameters) ??
    switchOf(effort, parameters);
  if (found) return found;
  const names = parameters.map((parameter) => parameter.name);
  throw new PoeError('usage', `The bot ${bot?.handle ?? name} has no parameter for its effort`, {
    hint: names.length > 0 ? `Its parameters are: ${names.join(', ')}.` : 'It has no parameters.',
  });
}

function levelOf(
  effort: Effort,
  parameters: readonly BotParameter[],
  name: string,
): Record<string, string> | undefined {
  const parameter = parameters.find((each) => each.name === name);
  const choices = parameter?.schema?.enum?.map(String);
  if (!parameter || (!choices && parameter.schema?.type !== 'string')) return undefined;
  const value = choices ? levels[effort].find((level) => choices.includes(level)) : effort;
  return value === undefined ? undefined : {[name]: value};
}

function budgetOf(effort: Effort, parameters: readonly BotParameter[]): Record<string, string> | undefined {
  const parameter = parameters.find(({name}) => name === 'thinking_budget');
  if (!parameter) return undefined;
  const {minimum, maximum} = parameter.schema ?? {};
  const tokens = Math.max(minimum ?? 0, Math.min(maximum ?? Number.POSITIVE_INFINITY, budgets[effort]));
  return {[parameter.name]: String(tokens)};
}

function switchOf(effort: Effort, parameters: readonly BotParameter[]): Record<string, string> | undefined {
  const parameter = parameters.find(({name}) => name === 'enable_thinking' || name === 'thinking');
  return parameter?.schema?.type === 'boolean' ? {[parameter.name]: String(effort !== 'low')} : undefined;
}
