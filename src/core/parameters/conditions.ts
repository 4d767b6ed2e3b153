import type {BotParameter, ParameterCondition, ParameterOperand} from './bot-parameter.js';

/** Parameters and their values. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** Whether poe.com shows a parameter when the parameters have these values. */
export const isActive = ({conditions = []}: BotParameter, values: ParameterValues): boolean =>
  conditions.every((condition) => isMet(condition, values));

/** The default values of parameters. A value that the bot does not name is what an untouched control on poe.com has. */
export function defaultValues(parameters: readonly BotParameter[]): ParameterValues {
  const values = new Map<string, unknown>();
  for (const parameter of parameters) {
    if (!values.has(parameter.name)) values.set(parameter.name, parameter.defaultValue ?? untouched(parameter));
  }
  return Object.fromEntries(values);
}

function untouched({schema}: BotParameter): unknown {
  if (schema?.enum) return schema.enum[0];
  switch (schema?.type) {
    case 'boolean':
      return false;
    case 'number':
    case 'integer':
      return schema.minimum;
    default:
      return '';
  }
}

type Comparator = (left: string | number, right: string | number) => boolean;

/** By the names in fastapi_poe (2025), and the one in Poe's documentation (2026). */
const comparators: ReadonlyMap<string, readonly [sign: string, Comparator]> = new Map(
  Object.entries({
    eq: ['=', (left, right) => left === right],
    equals: ['=', (left, right) => left === right],
    ne: ['!=', (left, right) => left !== right],
    gt: ['>', (left, right) => left > right],
    ge: ['>=', (left, right) => left >= right],
    lt: ['<', (left, right) => left < right],
    le: ['<=', (left, right) => left <= right],
  }),
);

/** An unknown comparison counts as met: Poe may know it. */
function isMet({comparator, left, right}: ParameterCondition, values: ParameterValues): boolean {
  const [, compare] = comparators.get(comparator) ?? [];
  return compare?.(...comparable(valueOf(left, values), valueOf(right, values))) ?? true;
}

const valueOf = (operand: ParameterOperand, values: ParameterValues): unknown =>
  'literal' in operand ? operand.literal : values[operand.parameter];

/** Bots write numbers and booleans as text, too. */
function comparable(left: unknown, right: unknown): [string | number, string | number] {
  const texts = [left, right].map((value) => textOf(value).trim());
  const [one = '', other = ''] = texts;
  const areNumbers = texts.every((text) => text !== '' && Number.isFinite(Number(text)));
  return areNumbers ? [Number(one), Number(other)] : [one, other];
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value ?? undefined) ?? '');

/** When a parameter is shown, such as `output = image`; undefined if it always is. */
export function describeConditions({conditions = []}: BotParameter): string | undefined {
  if (conditions.length === 0) return undefined;
  return conditions.map(describe).join(' and ');
}

const describe = ({comparator, left, right}: ParameterCondition): string =>
  `${operandText(left)} ${comparators.get(comparator)?.[0] ?? comparator} ${operandText(right)}`;

const operandText = (operand: ParameterOperand): string =>
  'parameter' in operand ? operand.parameter : String(operand.literal);
