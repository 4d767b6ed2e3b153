import {PoeError} from '../errors.js';
import {closestNames} from '../names/suggest.js';
import type {BotParameter, ParameterSchema} from './bot-parameter.js';
import {defaultValues, describeConditions, isActive, type ParameterValues} from './conditions.js';

/** A bot, and the parameters that it accepts. */
export interface AcceptedParameters {
  bot: string;
  parameters: readonly BotParameter[];
  /** Whether it may also accept others, because Poe does not say what it accepts. */
  hasUnknown: boolean;
}

/**
 * Converts parameters to the types that a bot expects. In the values of unknown parameters, numbers and booleans are recognized by
 * their spelling; all others are text.
 * @throws PoeError `usage` for a parameter or value that the bot does not accept, or that has no effect with the others
 */
export function parseParameters(
  texts: Readonly<Record<string, string>>,
  {bot, parameters, hasUnknown}: AcceptedParameters,
): Record<string, unknown> {
  const matching = Object.entries(texts).map(([name, text]) => {
    const known = parameters.filter((each) => each.name === name);
    if (known.length === 0 && !hasUnknown) throw unknownParameter(name, bot, parameters);
    const sameName = known.length > 0 ? known : [unknown(name)];
    return {name, text, sameName, value: parseWithAny(text, sameName)};
  });
  const values = {
    ...defaultValues(parameters),
    ...Object.fromEntries(matching.map(({name, value}) => [name, value])),
  };
  return Object.fromEntries(
    matching.map(({name, text, sameName}) => [name, parseWithAny(text, activeOnes(sameName, values))]),
  );
}

const unknown = (name: string): BotParameter => ({name, schema: null, defaultValue: null, description: null});

/** The parameters of one name that poe.com shows with these values. @throws PoeError `usage` if there are none */
function activeOnes(sameName: readonly BotParameter[], values: ParameterValues): BotParameter[] {
  const active = sameName.filter((parameter) => isActive(parameter, values));
  if (active.length > 0) return active;
  const conditions = sameName.flatMap((parameter) => describeConditions(parameter) ?? []);
  throw new PoeError('usage', `The parameter ${sameName[0]?.name} has no effect unless ${conditions.join(', or ')}`, {
    hint: 'Set that too, or leave this parameter out.',
  });
}

/** @throws PoeError `usage` of the last parameter, if none accepts the value */
function parseWithAny(text: string, sameName: readonly BotParameter[]): unknown {
  let failure: unknown;
  for (const parameter of sameName) {
    try {
      return parseValue(text, parameter);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function parseValue(text: string, {name, schema}: BotParameter): unknown {
  if (schema?.enum) return parseChoice(name, text, schema);
  switch (schema?.type) {
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw invalidValue(name, text, 'Accepted values: true or false.');
    case 'number':
    case 'integer':
      return parseNumber(name, text, schema);
    case 'string':
      return text;
    default:
      return schema === null ? guessType(text) : text;
  }
}

/** A choice by its value, or by its value or name on poe.com in any letter case. */
function parseChoice(name: string, text: string, schema: ParameterSchema): unknown {
  const values = schema.enum ?? [];
  const names = values.map(String);
  const spellings = [names, names.map(lower), (schema.enumLabels ?? []).map(lower)];
  const index = spellings.map((each, place) => each.indexOf(place === 0 ? text : lower(text))).find((at) => at >= 0);
  if (index !== undefined) return values[index];
  throw invalidValue(name, text, `Accepted values: ${names.join(', ')}.`);
}

const lower = (text: string): string => text.toLowerCase();

/** Digits that are not a number as JavaScript writes it, such as `007` and 20 digits, stay text. */
function guessType(text: string): unknown {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(?:\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

function parseNumber(name: string, text: string, {type, minimum, maximum, step}: ParameterSchema): number {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  const isOfType = type === 'integer' ? Number.isInteger(number) : Number.isFinite(number);
  const isInRange = number >= (minimum ?? Number.NEGATIVE_INFINITY) && number <= (maximum ?? Number.POSITIVE_INFINITY);
  if (isOfType && isInRange && isOnStep(number, minimum ?? 0, step)) return number;
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  const range = [minimum !== null && `at least ${minimum}`, maximum !== null && `at most ${maximum}`].filter(Boolean);
  const steps = step === undefined ? '' : `in steps of ${step}`;
  throw invalidValue(name, text, `It must be ${[kind, range.join(' and '), steps].filter(Boolean).join(', ')}.`);
}

/** Whether a number is a whole number of steps from the minimum, apart from rounding. */
function isOnStep(number: number, minimum: number, step: number | undefined): boolean {
  if (step === undefined) return true;
  const steps = (number - minimum) / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
}

function unknownParameter(name: string, bot: string, accepted: readonly BotParameter[]): PoeError {
  const names = [...new Set(accepted.map((each) => each.name))];
  const [closest] = closestNames(name, names, 1);
  const all = names.length > 0 ? `It accepts: ${names.join(', ')}.` : 'It has no parameters.';
  return new PoeError('usage', `The bot ${bot} has no parameter ${name}`, {
    hint: closest ? `Did you mean ${closest}?` : all,
  });
}

const invalidValue = (name: string, text: string, hint: string) =>
  new PoeError('usage', `Invalid value for the parameter ${name}: ${JSON.stringify(text)}`, {hint});
