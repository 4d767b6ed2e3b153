import {PoeError} from '../../errors.js';
import type {ModelBot} from '../../model-bot.js';
import type {Protocol} from '../../options.js';
import {closestNames} from '../../names/suggest.js';

type Parameter = ModelBot['parameters'][number];

function common(name: string, type: string, minimum: number | null = null, maximum: number | null = null): Parameter {
  return {name, schema: {type, enum: null, minimum, maximum}, defaultValue: null, description: null};
}

const anthropic = [
  common('temperature', 'number', 0, 1),
  common('top_p', 'number', 0, 1),
  common('top_k', 'integer', 0),
  common('max_tokens', 'integer', 1),
  common('stop', 'string'),
];

/** The parameters that every bot accepts. */
export const commonParameters: Readonly<Record<Protocol, readonly Parameter[]>> = {
  openai: [
    common('temperature', 'number', 0, 2),
    common('top_p', 'number', 0, 1),
    common('max_tokens', 'integer', 1),
    common('stop', 'string'),
  ],
  native: [common('temperature', 'number', 0), common('stop', 'string')],
  messages: anthropic,
  responses: [
    common('temperature', 'number', 0, 2),
    common('top_p', 'number', 0, 1),
    common('max_tokens', 'integer', 1),
    common('web_search', 'boolean'),
  ],
};

/**
 * Converts parameters to the types that a bot expects. The parameters of a bot that is not listed are unknown: numbers and
 * booleans are recognized by their spelling, all other values are text.
 * @throws PoeError `usage` for a parameter or value that a listed bot does not accept
 */
export function parseParameters(
  texts: Readonly<Record<string, string>>,
  bot: ModelBot | undefined,
  protocol: Protocol,
): Record<string, unknown> {
  const accepted = [...(bot?.parameters ?? []), ...commonParameters[protocol]];
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, parseValue(name, text, accepted, bot)]));
}

function parseValue(name: string, text: string, accepted: readonly Parameter[], bot: ModelBot | undefined): unknown {
  const parameter = accepted.find((each) => each.name === name);
  if (!parameter && !bot) return guessType(text);
  if (!parameter) throw unknownParameter(name, bot?.handle ?? '', accepted);
  const {schema} = parameter;
  const choices = schema?.enum?.map(String);
  if (choices) {
    const index = choices.indexOf(text);
    if (index >= 0) return schema?.enum?.[index];
    throw invalidValue(name, text, `Accepted values: ${choices.join(', ')}.`);
  }
  switch (schema?.type) {
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      throw invalidValue(name, text, 'Accepted values: true or false.');
    case 'number':
    case 'integer':
      return parseNumber(name, text, schema);
    default:
      return text;
  }
}

const guessType = (text: string): unknown => (/^(?:true|false|-?\d+(?:\.\d+)?)$/.test(text) ? JSON.parse(text) : text);

function parseNumber(name: string, text: string, schema: NonNullable<Parameter['schema']>): number {
  const number = Number(text);
  const {type, minimum, maximum} = schema;
  const isOfType = type !== 'integer' || Number.isInteger(number);
  const isInRange = number >= (minimum ?? Number.NEGATIVE_INFINITY) && number <= (maximum ?? Number.POSITIVE_INFINITY);
  if (text.trim() !== '' && isOfType && isInRange) return number;
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  const range = [minimum !== null && `at least ${minimum}`, maximum !== null && `at most ${maximum}`].filter(Boolean);
  throw invalidValue(name, text, `It must be ${[kind, range.join(' and ')].filter(Boolean).join(', ')}.`);
}

function unknownParameter(name: string, bot: string, accepted: readonly Parameter[]): PoeError {
  const names = accepted.map((each) => each.name);
  const [closest] = closestNames(name, names, 1);
  return new PoeError('usage', `The bot ${bot} has no parameter ${name}`, {
    hint: closest ? `Did you mean ${closest}?` : `It accepts: ${names.join(', ')}.`,
  });
}

const invalidValue = (name: string, text: string, hint: string) =>
  new PoeError('usage', `Invalid value for the parameter ${name}: ${JSON.stringify(text)}`, {hint});
