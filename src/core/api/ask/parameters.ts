import {PoeError} from '../../errors.js';
import {closestNames} from '../../suggest.js';
import type {BotParameter as Parameter, ModelBot} from '../../model.js';
import type {Protocol} from '../../options.js';

function general(name: string, type: string, minimum: number | null = null, maximum: number | null = null): Parameter {
  return {name, schema: {type, enum: null, minimum, maximum}, defaultValue: null, description: null};
}

/** What each protocol has that every bot is told. */
const ofEveryBot: Readonly<Record<Protocol, readonly Parameter[]>> = {
  openai: [
    general('temperature', 'number', 0, 2),
    general('top_p', 'number', 0, 1),
    general('max_tokens', 'integer', 1),
    general('stop', 'string'),
  ],
  native: [general('temperature', 'number', 0), general('stop', 'string')],
};

/**
 * Gives parameters the types that the bot asks for. What a bot takes that is not listed nobody tells: it is given what looks
 * like a number, or like true and false, as such, and the rest as text.
 * @throws PoeError `usage` for what a listed bot does not take
 */
export function checkedParameters(
  given: Readonly<Record<string, string>>,
  bot: ModelBot | undefined,
  protocol: Protocol,
): Record<string, unknown> {
  const known = [...(bot?.parameters ?? []), ...ofEveryBot[protocol]];
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [name, valueOf(name, value, known, bot)]));
}

function valueOf(name: string, value: string, known: readonly Parameter[], bot: ModelBot | undefined): unknown {
  const parameter = known.find((each) => each.name === name);
  if (!parameter && !bot) return guessed(value);
  if (!parameter) {
    const names = known.map((each) => each.name);
    const near = closestNames(name, names, 1)[0];
    throw new PoeError('usage', `${bot?.handle} has no parameter ${name}`, {
      hint: near ? `Did you mean ${near}?` : `It has: ${names.join(', ')}.`,
    });
  }
  const {schema} = parameter;
  const choices = schema?.enum?.map(String);
  if (choices) {
    const index = choices.indexOf(value);
    if (index >= 0) return schema?.enum?.[index];
    throw wrong(name, value, `It is one of: ${choices.join(', ')}.`);
  }
  switch (schema?.type) {
    case 'boolean':
      if (value === 'true' || value === 'false') return value === 'true';
      throw wrong(name, value, 'It is true or false.');
    case 'number':
    case 'integer':
      return numberOf(name, value, schema);
    default:
      return value;
  }
}

const guessed = (value: string): unknown =>
  /^(?:true|false|-?\d+(?:\.\d+)?)$/.test(value) ? JSON.parse(value) : value;

function numberOf(name: string, value: string, schema: NonNullable<Parameter['schema']>): number {
  const number = Number(value);
  const {minimum, maximum} = schema;
  const isWhole = schema.type !== 'integer' || Number.isInteger(number);
  const isIn = number >= (minimum ?? Number.NEGATIVE_INFINITY) && number <= (maximum ?? Number.POSITIVE_INFINITY);
  if (value.trim() !== '' && isWhole && isIn) return number;
  const kind = schema.type === 'integer' ? 'a whole number' : 'a number';
  const range = [minimum !== null && `at least ${minimum}`, maximum !== null && `at most ${maximum}`].filter(Boolean);
  throw wrong(name, value, `It is ${[kind, range.join(' and ')].filter(Boolean).join(', ')}.`);
}

const wrong = (name: string, value: string, hint: string) =>
  new PoeError('usage', `${JSON.stringify(value)} is no value of the parameter ${name}`, {hint});
