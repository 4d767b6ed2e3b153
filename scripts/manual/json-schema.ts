import type * as v from 'valibot';

/** The parts of a schema of valibot that a JSON Schema can express. */
interface Part {
  type: string;
  pipe?: readonly Part[];
  wrapped?: Part;
  default?: unknown;
  entries?: Readonly<Record<string, Part>>;
  item?: Part;
  options?: readonly unknown[];
  literal?: unknown;
  requirement?: unknown;
  description?: string;
}

type JsonSchema = Record<string, unknown>;

/** Converts a schema of valibot, of the kinds that bot.yaml and tests.yaml use, to a JSON Schema. @throws if it has a part of another kind */
export function jsonSchema(schema: v.GenericSchema): JsonSchema {
  return convert(schema);
}

function convert(part: Part): JsonSchema {
  const {pipe = [part]} = part;
  return Object.assign({}, ...pipe.map((step) => (step === part ? own(step) : step.pipe ? convert(step) : own(step))));
}

function own(part: Part): JsonSchema {
  const converter = converters[part.type];
  if (!converter) throw new Error(`No JSON Schema for ${part.type}`);
  return converter(part);
}

const converters: Readonly<Record<string, (part: Part) => JsonSchema>> = {
  string: () => ({type: 'string'}),
  number: () => ({type: 'number'}),
  boolean: () => ({type: 'boolean'}),
  unknown: () => ({}),
  integer: () => ({type: 'integer'}),
  min_value: ({requirement}) => ({minimum: requirement}),
  max_value: ({requirement}) => ({maximum: requirement}),
  regex: ({requirement}) => ({pattern: requirement instanceof RegExp ? requirement.source : undefined}),
  description: ({description}) => ({description}),
  literal: ({literal}) => ({const: literal}),
  picklist: ({options}) => ({enum: options}),
  // What they require cannot be expressed.
  check: () => ({}),
  transform: () => ({}),
  min_length: ({requirement}) => ({minItems: requirement}),
  record: () => ({type: 'object'}),
  union: ({options = []}) => ({anyOf: options.map((option) => convert(option as Part))}),
  array: ({item}) => ({type: 'array', items: item && convert(item)}),
  nullable: ({wrapped}) => ({anyOf: [wrapped ? convert(wrapped) : {}, {type: 'null'}]}),
  optional: ({wrapped, default: byDefault}) => ({...(wrapped && convert(wrapped)), default: byDefault}),
  strict_object: (part) => ({...object(part), additionalProperties: false}),
  loose_object: (part) => object(part),
};

function object({entries = {}}: Part): JsonSchema {
  const required = Object.keys(entries).filter((name) => entries[name]?.type !== 'optional');
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, convert(entry)])),
    required: required.length > 0 ? required : undefined,
  };
}
