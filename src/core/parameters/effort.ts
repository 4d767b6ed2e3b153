import {PoeError} from '../errors.js';
import type {Effort} from '../options.js';
import type {BotParameter} from './bot-parameter.js';

/*
 * Bots name the parameters for their reasoning differently (models.dev, 2026): `reasoning_effort`, `output_effort`,
 * `thinking_level`, `thinking_budget`, `enable_thinking`.
 */

/** Names of parameters whose value is a level, most specific first. */
const levelNames = [
  'reasoning_effort',
  'output_effort',
  'thinking_effort',
  'thinking_level',
  'reasoning_level',
  'effort',
];
/** Names of parameters whose value is a number of tokens. */
const budgetNames = ['thinking_budget', 'reasoning_budget', 'thinking_tokens', 'reasoning_tokens'];
/** Names of parameters that turn reasoning on. */
const switchNames = ['enable_thinking', 'enable_reasoning', 'thinking', 'reasoning'];

/** Names of all parameters for the effort of bots. */
export const effortNames: ReadonlySet<string> = new Set([...levelNames, ...budgetNames, ...switchNames]);

/** For each effort the levels that mean it, best first. */
const levels: Readonly<Record<Effort, readonly string[]>> = {
  low: ['low', 'minimal', 'none', 'medium'],
  medium: ['medium', 'standard', 'low', 'high'],
  high: ['high', 'max', 'xhigh', 'medium'],
};

/** Tokens of reasoning, if the bot allows as many. */
const budgets: Readonly<Record<Effort, number>> = {low: 2_048, medium: 8_192, high: 32_768};

/**
 * The parameters that set the effort of a bot, as the user would type them.
 * @param bot its handle
 * @throws PoeError `usage` if the bot has none
 */
export function effortParameters(
  effort: Effort,
  bot: string,
  parameters: readonly BotParameter[],
): Record<string, string> {
  const found = findEffort(effort, parameters);
  if (found) return found;
  const names = [...new Set(parameters.map(({name}) => name))];
  throw new PoeError('usage', `The bot ${bot} has no parameter for its effort`, {
    hint:
      names.length > 0
        ? `Its parameters are: ${names.join(', ')}.`
        : 'It has no parameters. Send the message without an effort, or choose another bot.',
  });
}

/** As `effortParameters`; undefined if none of the parameters sets the effort. */
export function findEffort(effort: Effort, parameters: readonly BotParameter[]): Record<string, string> | undefined {
  const amount =
    first(levelNames, (name) => levelOf(effort, parameters, name)) ??
    first(budgetNames, (name) => budgetOf(effort, parameters, name));
  if (!amount) return first(switchNames, (name) => switchOf(effort, parameters, name));
  // In some bots reasoning has to be turned on as well.
  return {...first(switchNames, (name) => switchOf('high', parameters, name)), ...amount};
}

/** What was chosen, for the log: `output_effort=high`. */
export const describeEffort = (parameters: Readonly<Record<string, string>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

/** The first result. */
function first<T>(names: readonly string[], find: (name: string) => T | undefined): T | undefined {
  for (const name of names) {
    const found = find(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The level may be the value of a choice, or its name on poe.com. */
function levelOf(
  effort: Effort,
  parameters: readonly BotParameter[],
  name: string,
): Record<string, string> | undefined {
  const schema = parameters.find((each) => each.name === name)?.schema;
  if (!schema?.enum) return schema?.type === 'string' ? {[name]: effort} : undefined;
  const values = schema.enum.map(String);
  const spellings = [values, schema.enumLabels ?? []].map((each) => each.map((text) => text.toLowerCase()));
  const places = levels[effort].flatMap((level) => spellings.map((each) => each.indexOf(level)));
  const value = values[places.find((place) => place >= 0) ?? -1];
  return value === undefined ? undefined : {[name]: value};
}

function budgetOf(
  effort: Effort,
  parameters: readonly BotParameter[],
  name: string,
): Record<string, string> | undefined {
  const schema = parameters.find((each) => each.name === name)?.schema;
  if (!schema || schema.type === 'boolean') return undefined;
  if (schema.enum) {
    const numbers = schema.enum.map(Number).filter((number) => Number.isFinite(number));
    const closest = numbers.toSorted((a, b) => Math.abs(a - budgets[effort]) - Math.abs(b - budgets[effort]))[0];
    const value = schema.enum.find((each) => Number(each) === closest);
    return closest === undefined ? undefined : {[name]: String(value)};
  }
  const minimum = schema.minimum ?? 0;
  const maximum = schema.maximum ?? Number.POSITIVE_INFINITY;
  // A small maximum counts something else than tokens, or not many of them: each effort has its share of it.
  const wanted = maximum < budgets.medium ? (maximum * budgets[effort]) / budgets.high : budgets[effort];
  const step = schema.step ?? 1;
  const steps = Math.floor((Math.min(maximum, Math.max(minimum, wanted)) - minimum) / step);
  return {[name]: String(minimum + steps * step)};
}

function switchOf(
  effort: Effort,
  parameters: readonly BotParameter[],
  name: string,
): Record<string, string> | undefined {
  const parameter = parameters.find((each) => each.name === name);
  return parameter?.schema?.type === 'boolean' ? {[name]: String(effort !== 'low')} : undefined;
}
