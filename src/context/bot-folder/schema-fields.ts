import type * as v from 'valibot';

/** The parts of a schema of valibot that describe its structure. */
interface SchemaParts {
  type: string;
  entries?: Readonly<Record<string, SchemaParts>>;
  item?: SchemaParts;
  wrapped?: SchemaParts;
}

/** Fields of a value that its schema does not have, at any depth, with the names that the schema has there. */
export function unknownFields(
  schema: v.GenericSchema,
  value: unknown,
): {path: (string | number)[]; known: readonly string[]}[] {
  return unknownIn(schema, value, []);
}

function unknownIn(
  schema: SchemaParts,
  value: unknown,
  path: (string | number)[],
): {path: (string | number)[]; known: readonly string[]}[] {
  if (schema.wrapped) return unknownIn(schema.wrapped, value, path);
  if (schema.item && Array.isArray(value)) {
    const {item} = schema;
    return value.flatMap((each, index) => unknownIn(item, each, [...path, index]));
  }
  const {entries} = schema;
  if (!entries || typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    const entry = Object.hasOwn(entries, key) ? entries[key] : undefined;
    if (entry) return unknownIn(entry, each, [...path, key]);
    return schema.type === 'strict_object' ? [{path: [...path, key], known: Object.keys(entries)}] : [];
  });
}
