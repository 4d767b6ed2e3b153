import {PoeError} from '../../../core/errors.js';
import type {JsonSchema} from './check-json.js';

const types: Readonly<Record<string, 'string' | 'integer' | 'number' | 'boolean'>> = {
  str: 'string',
  string: 'string',
  int: 'integer',
  integer: 'integer',
  float: 'number',
  number: 'number',
  bool: 'boolean',
  boolean: 'boolean',
};

/**
 * The schema of an object with these fields, in the short form of llm (0.27): `name, age int, bio: one sentence`, or one field a
 * line. In brackets, the schema of a list of such objects.
 * @throws PoeError `usage`
 */
export function schemaOfFields(text: string): JsonSchema {
  const [, inner] = /^\s*\[(.*)\]\s*$/s.exec(text) ?? [];
  if (inner !== undefined) return {type: 'array', items: schemaOfFields(inner)};
  const separator = text.trim().includes('\n') ? '\n' : ',';
  const fields = text
    .split(separator)
    .map((field) => field.trim().replace(/,$/, ''))
    .filter((field) => field !== '')
    .map(parseField);
  if (fields.length === 0) throw invalid('has no fields');
  const names = fields.map(({name}) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid(`has the field ${JSON.stringify(repeated)} twice`);
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(({name, schema}) => [name, schema])),
    required: names,
  };
}

function parseField(field: string): {name: string; schema: JsonSchema} {
  const [, name = '', typeName = 'string', rest] = /^([^\s:]+)(?:\s+([^\s:]+))?\s*(?::\s*(.*))?$/s.exec(field) ?? [];
  const type = Object.hasOwn(types, typeName) ? types[typeName] : undefined;
  if (!/^[\p{L}_$][\p{L}\p{M}\p{N}_$-]*$/u.test(name))
    throw invalid(`has a field that cannot be read: ${JSON.stringify(field)}`);
  if (type === undefined) throw invalid(`has the unknown type ${JSON.stringify(typeName)} in ${JSON.stringify(field)}`);
  return {name, schema: {type, ...(rest && {description: rest})}};
}

const invalid = (problem: string): PoeError =>
  new PoeError('usage', `The schema ${problem}`, {
    hint: 'Nothing was sent. A field is a name, a type (str, int, float or bool) and ": a description"; separate fields by commas or lines. The path of a schema ends in .json.',
  });
