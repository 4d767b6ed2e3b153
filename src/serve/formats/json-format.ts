import * as v from 'valibot';
import type {JsonFormat} from './chat-request.js';

const record = v.fallback(v.nullish(v.record(v.string(), v.unknown()), null), null);
const Format = v.looseObject({type: v.picklist(['json_object', 'json_schema'])});

/**
 * Reads the format of a reply: `json_object`, or `json_schema` with the schema inside it or, in chat completions, one level deeper.
 * Undefined for text.
 */
export function readJsonFormat(format: unknown): JsonFormat | undefined {
  const parsed = v.safeParse(Format, format);
  if (!parsed.success) return undefined;
  const {type, schema, json_schema: named} = parsed.output;
  if (type === 'json_object') return {schema: null};
  return {schema: v.parse(record, schema) ?? v.parse(record, v.parse(record, named)?.schema) ?? {}};
}
