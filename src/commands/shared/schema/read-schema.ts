import {PoeError} from '../../../core/errors.js';
import type {JsonSchema} from './check-json.js';
import {schemaOfFields} from './fields.js';

/**
 * The JSON Schema that a user has named: the path of a JSON file, a schema itself, or fields such as `name, age int`.
 * @throws PoeError `file`, `usage`
 */
export async function readSchema(text: string): Promise<JsonSchema> {
  if (text.trim() === '') throw new PoeError('usage', 'The schema is empty', {hint: schemaHint});
  if (text.trimStart().startsWith('{')) return parse(text, 'The schema');
  const path = text.replace(/^@/, '');
  if (text.startsWith('@') || path.endsWith('.json')) {
    const {readTextArgument} = await import('../../../context/text-argument.js');
    return parse(await readTextArgument(`@${path}`, '--schema', {hint: schemaHint}), `The schema ${path}`);
  }
  return schemaOfFields(text);
}

const schemaHint = 'Name a JSON file, or list fields: "name, age int, bio: one sentence"';

function parse(text: string, name: string): JsonSchema {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new PoeError('usage', `${name} is not valid JSON`, {hint: 'Nothing was sent.', cause: error});
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new PoeError('usage', `${name} is not a JSON object`, {hint: 'Nothing was sent.'});
}
