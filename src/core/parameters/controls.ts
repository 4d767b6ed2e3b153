import * as v from 'valibot';
import type {BotParameter, ParameterCondition, ParameterOperand, ParameterSchema} from './bot-parameter.js';

/*
 * The controls for the parameters of a bot on poe.com: "parameter controls" of version 2 (Poe's documentation and fastapi_poe,
 * 2025 and 2026). Poe sends them as JSON in a string. Everything that cannot be read is left out.
 */

const text = v.fallback(v.optional(v.string()), undefined);
const number = v.fallback(v.nullish(v.pipe(v.number(), v.finite()), null), null);
const list = v.fallback(v.optional(v.array(v.unknown()), []), []);
const scalar = v.union([v.string(), v.number(), v.boolean()]);

/** A section, a tab, or a control. */
const Part = v.object({
  control: text,
  label: text,
  description: text,
  parameter_name: text,
  default_value: v.optional(v.unknown(), null),
  options: list,
  min_value: number,
  max_value: number,
  step: number,
  condition: v.optional(v.unknown()),
  controls: list,
  tabs: list,
});
type Part = v.InferOutput<typeof Part>;

const Operand = v.union([
  v.pipe(
    v.object({parameter_name: v.string()}),
    v.transform(({parameter_name: parameter}): ParameterOperand => ({parameter})),
  ),
  v.pipe(
    v.object({literal: scalar}),
    v.transform(({literal}): ParameterOperand => ({literal})),
  ),
]);
const Condition = v.object({comparator: v.string(), left: Operand, right: Operand}) satisfies v.GenericSchema<
  unknown,
  ParameterCondition
>;

/** Limits what a faulty definition can do. */
const maxDepth = 20;
const maxParameters = 1000;

/**
 * The parameters that the controls of a bot set, in their order.
 * @param definition as Poe sends it: null for a bot without controls
 * @returns undefined if it cannot be read
 */
export function readControls(definition: unknown): BotParameter[] | undefined {
  if (definition === null || definition === '') return [];
  const parsed = v.safeParse(v.object({sections: v.array(v.unknown())}), parseJson(definition));
  if (!parsed.success) return undefined;
  const parameters = parsed.output.sections.flatMap((section) => readPart(section, [], 0));
  return withoutCopies(parameters).slice(0, maxParameters);
}

function parseJson(definition: unknown): unknown {
  try {
    return typeof definition === 'string' ? (JSON.parse(definition) as unknown) : definition;
  } catch {
    return undefined;
  }
}

/** @param conditions those of the parts around it */
function readPart(value: unknown, conditions: readonly ParameterCondition[], depth: number): BotParameter[] {
  const parsed = v.safeParse(Part, value);
  if (!parsed.success || depth > maxDepth) return [];
  const {controls, tabs, condition} = parsed.output;
  const own = v.safeParse(Condition, condition);
  const all = own.success ? [...conditions, own.output] : conditions;
  return [
    ...toParameter(parsed.output, conditions),
    ...[...controls, ...tabs].flatMap((part) => readPart(part, all, depth + 1)),
  ];
}

function toParameter(part: Part, conditions: readonly ParameterCondition[]): BotParameter[] {
  const {parameter_name: name, label, description = null, default_value: defaultValue} = part;
  if (!name) return [];
  return [
    {
      name,
      schema: schemas.get(part.control ?? '')?.(part) ?? null,
      defaultValue,
      description,
      ...(label && {label}),
      ...(conditions.length > 0 && {conditions: [...conditions]}),
    },
  ];
}

const anyText: ParameterSchema = {type: 'string', enum: null, minimum: null, maximum: null};

const schemas: ReadonlyMap<string, (part: Part) => ParameterSchema> = new Map(
  Object.entries({
    text_field: () => anyText,
    text_area: () => anyText,
    drop_down: choice,
    aspect_ratio: choice,
    toggle_switch: () => ({...anyText, type: 'boolean'}),
    slider: ({min_value: minimum, max_value: maximum, step}) => ({
      ...anyText,
      type: 'number',
      ...((minimum ?? 0) <= (maximum ?? Number.POSITIVE_INFINITY) && {minimum, maximum}),
      ...(step !== null && step > 0 && {step}),
    }),
  }),
);

function choice({options}: Part): ParameterSchema {
  const choices = options.flatMap((option) => {
    const parsed = v.safeParse(Option, option);
    return parsed.success ? toChoice(parsed.output) : [];
  });
  if (choices.length === 0) return anyText;
  return {...anyText, enum: choices.map(({value}) => value), enumLabels: choices.map(({label}) => label)};
}

const Option = v.union([
  scalar,
  v.object({value: v.fallback(v.nullish(scalar, null), null), name: text, width: number, height: number}),
]);

/** A choice of aspect ratios may have only a width and a height. */
function toChoice(option: v.InferOutput<typeof Option>): {value: string | number | boolean; label: string}[] {
  if (typeof option !== 'object') return [{value: option, label: String(option)}];
  const ratio = option.width === null || option.height === null ? undefined : `${option.width}:${option.height}`;
  const value = option.value ?? ratio;
  return value === undefined ? [] : [{value, label: option.name ?? ratio ?? String(value)}];
}

/** Controls that are always shown and set the same parameter in the same way count once. */
function withoutCopies(parameters: readonly BotParameter[]): BotParameter[] {
  const seen = new Set<string>();
  return parameters.filter((parameter) => {
    const key = JSON.stringify([parameter.name, parameter.schema, parameter.conditions]);
    return !seen.has(key) && seen.add(key);
  });
}
