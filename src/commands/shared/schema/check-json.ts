import {
  dereference,
  type OutputUnit,
  type Schema,
  type SchemaDraft,
  type ValidationResult,
  Validator,
} from '@cfworker/json-schema';
import {PoeError} from '../../../core/errors.js';

export type JsonSchema = Schema;

/** Finds out whether values match a schema. */
export class SchemaCheck {
  readonly #validator: Validator;

  /** @throws PoeError `usage` if the schema cannot be used */
  constructor(readonly schema: JsonSchema) {
    const problem = problemOf(schema, '#');
    if (problem !== undefined) throw unusable(problem);
    try {
      this.#validator = new Validator(schema, draftOf(schema), false);
      // References are resolved only when a value is checked.
      const schemas = dereference(schema);
      for (const {ref, name} of Object.values(schemas).flatMap(referenceOf)) {
        if (schemas[ref] === undefined) throw unusable(`nothing has the name ${name}`);
      }
      for (const sample of [null, true, 0, '', [], {}]) this.#validator.validate(sample);
    } catch (error) {
      if (error instanceof PoeError) throw error;
      throw unusable(reasonOf(error), error);
    }
  }

  /** What is wrong with a value; empty if it matches. Each problem is one line. */
  problems(value: unknown): string[] {
    const result = validated(() => this.#validator.validate(value));
    if (!result) return ['it is nested too deeply to be checked'];
    const leaves = result.errors.filter(({keyword}) => !outer.has(keyword));
    return result.valid ? [] : [...new Set((leaves.length > 0 ? leaves : result.errors).map(describe))];
  }
}

/** Undefined if the stack is too small. */
function validated(work: () => ValidationResult): ValidationResult | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The reference of a schema, resolved and as it was written. */
const referenceOf = (schema: Schema | boolean) =>
  typeof schema === 'object' && schema.__absolute_ref__ !== undefined
    ? {ref: schema.__absolute_ref__, name: schema.$ref ?? ''}
    : [];

/** Keywords whose error only says that something inside does not match. */
const outer: ReadonlySet<string> = new Set([
  'properties', 'patternProperties', 'additionalProperties', 'items', 'prefixItems', 'additionalItems', 'allOf', '$ref', 'dependentSchemas', 'if', 'then', 'else', 'unevaluatedProperties', 'unevaluatedItems',
]); // prettier-ignore

function describe({instanceLocation, keyword, error}: OutputUnit): string {
  const path = instanceLocation
    .slice(2)
    .split('/')
    .map((part) => decodeURIComponent(part.replaceAll('~1', '/').replaceAll('~0', '~')))
    .join('.');
  const what = keyword === 'false' ? 'is not allowed' : error.replace(/^Instance /, '').replace(/\.$/, '');
  return shortened(path === '' ? what : `${path}: ${what}`);
}

const shortened = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text);

function draftOf({$schema = ''}: JsonSchema): SchemaDraft {
  if (/draft-0[46]/.test($schema)) return '4';
  if (/draft-07/.test($schema)) return '7';
  return $schema.includes('2019-09') ? '2019-09' : '2020-12';
}

const typeNames: ReadonlySet<unknown> = new Set(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);
const maps = ['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'] as const;
const lists = ['allOf', 'anyOf', 'oneOf', 'prefixItems'] as const;
const singles = ['additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'] as const;

/** The first mistake in a schema that the validator would not report; undefined if there is none. */
function problemOf(schema: unknown, path: string): string | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isObject(schema)) return `${path} is not a schema`;
  const {type, required} = schema;
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  const unknown = types.find((each) => !typeNames.has(each));
  if (unknown !== undefined) return `${path} has the unknown type ${JSON.stringify(unknown)}`;
  if (required !== undefined && !(Array.isArray(required) && required.every((each) => typeof each === 'string'))) {
    return `${path}/required is not a list of names`;
  }
  const {pattern, patternProperties} = schema;
  const patterns = [...(pattern === undefined ? [] : [pattern]), ...Object.keys(patternProperties ?? {})];
  const invalid = patterns.find((each) => !isPattern(each));
  if (invalid !== undefined) return `${path} has the invalid pattern ${JSON.stringify(invalid)}`;
  const inside = subschemas(schema, path);
  return typeof inside === 'string' ? inside : firstOf(inside, ([each, where]) => problemOf(each, where));
}

function isPattern(value: unknown): boolean {
  try {
    return typeof value === 'string' && new RegExp(value, 'u').source !== '';
  } catch {
    return false;
  }
}

function subschemas(schema: Record<string, unknown>, path: string): (readonly [unknown, string])[] | string {
  const found: (readonly [unknown, string])[] = [];
  for (const name of maps) {
    const value = schema[name];
    if (value === undefined) continue;
    if (!isObject(value)) return `${path}/${name} is not an object`;
    for (const [key, each] of Object.entries(value)) found.push([each, `${path}/${name}/${key}`]);
  }
  for (const name of lists) {
    const value = schema[name];
    if (value === undefined) continue;
    if (!Array.isArray(value)) return `${path}/${name} is not a list`;
    for (const [index, each] of value.entries()) found.push([each, `${path}/${name}/${index}`]);
  }
  for (const name of singles) if (schema[name] !== undefined) found.push([schema[name], `${path}/${name}`]);
  const {items} = schema;
  const all: unknown[] = Array.isArray(items) ? items : items === undefined ? [] : [items];
  for (const each of all) found.push([each, `${path}/items`]);
  return found;
}

function firstOf<T, R>(items: Iterable<T>, find: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : '';
  return error instanceof RangeError ? 'it refers to itself without end' : message;
}

const unusable = (problem: string, cause?: unknown): PoeError =>
  new PoeError('usage', `The schema cannot be used: ${problem}`, {hint: 'Nothing was sent.', cause});
