import * as v from 'valibot';
import {type Id, parseId} from '../names/id.js';

/* Schemas for values from Poe: a value that is missing or invalid becomes null, or is left out of its list. */

/** A text; null if missing. @internal */
export const text = fast(v.fallback(v.nullish(v.string(), null), null), (value) =>
  typeof value === 'string' || value === null ? value : undefined,
);
/** @internal */
export const flag = fast(v.fallback(v.nullish(v.boolean(), null), null), (value) =>
  typeof value === 'boolean' || value === null ? value : undefined,
);
/** @internal */
export const textOrEmpty = fast(v.fallback(v.nullish(v.string(), ''), ''), (value) =>
  typeof value === 'string' ? value : undefined,
);

/** A whole number. Poe sends a number or its decimal digits. */
const wholeNumber = v.union([
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number), v.safeInteger()),
]);

/** An ID, as a number or as decimal digits. @internal */
export const IdNumber: v.GenericSchema<unknown, Id> = fast(
  v.union([
    v.pipe(v.number(), v.safeInteger()),
    v.pipe(
      v.string(),
      v.transform(parseId),
      v.custom<Id>((id) => id !== undefined),
    ),
  ]),
  (value) => (isSafeInteger(value) ? value : undefined),
);

/** A number or its decimal digits; null if missing. @internal */
export const count = v.fallback(
  v.nullish(
    v.union([
      v.pipe(v.number(), v.finite()),
      v.pipe(v.string(), v.regex(/^-?\d{1,20}(?:\.\d+)?$/), v.transform(Number)),
    ]),
    null,
  ),
  null,
);

/** Microseconds since 1970, returned as an ISO 8601 string. @internal */
export const microseconds = fast(
  v.fallback(
    v.nullish(
      v.pipe(
        wholeNumber,
        v.transform((us) => new Date(us / 1000).toISOString()),
      ),
      null,
    ),
    null,
  ),
  (value) => (isSafeInteger(value) ? new Date(value / 1000).toISOString() : undefined),
);

/** Returns the items that match the schema. @internal */
export function readable<const S extends v.GenericSchema>(item: S, items: readonly unknown[]): v.InferOutput<S>[] {
  const read: v.InferOutput<S>[] = [];
  for (const value of items) {
    const parsed = v.safeParse(item, value);
    if (parsed.success) read.push(parsed.output);
  }
  return read;
}

/** A list without the items that do not match the schema. @internal */
export function listOf<const S extends v.GenericSchema>(item: S) {
  return fast(
    v.pipe(
      v.fallback(v.nullish(v.array(v.unknown()), []), []),
      v.transform((items) => readable(item, items)),
    ),
    (value) => (Array.isArray(value) ? readable(item, value) : undefined),
  );
}

/**
 * The same schema, which reads the usual values at once: to go through its parts takes several times as long.
 * @param read returns undefined for all other values
 */
function fast<const S extends v.GenericSchema>(schema: S, read: (value: unknown) => v.InferOutput<S> | undefined): S {
  return {
    ...schema,
    '~run'(dataset: v.UnknownDataset, config: v.Config<v.BaseIssue<unknown>>) {
      const value = read(dataset.value);
      return value === undefined ? schema['~run'](dataset, config) : {typed: true, value};
    },
  };
}

const isSafeInteger = (value: unknown): value is number => Number.isSafeInteger(value);
