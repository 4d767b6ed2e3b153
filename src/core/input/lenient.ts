import * as v from 'valibot';
import {type Id, parseId} from '../names/id.js';

/* Schemas for values from Poe: a value that is missing or invalid becomes null, or is left out of its list. */

/** A text; null if missing. @internal */
export const text = v.fallback(v.nullish(v.string(), null), null);
/** @internal */
export const flag = v.fallback(v.nullish(v.boolean(), null), null);
/** @internal */
export const textOrEmpty = v.fallback(v.nullish(v.string(), ''), '');

/** A whole number. Poe sends a number or its decimal digits. */
const wholeNumber = v.union([
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(v.string(), v.regex(/^\d{1,16}$/), v.transform(Number), v.safeInteger()),
]);

/** An ID, as a number or as decimal digits. @internal */
export const IdNumber: v.GenericSchema<unknown, Id> = v.union([
  v.pipe(v.number(), v.safeInteger()),
  v.pipe(
    v.string(),
    v.transform(parseId),
    v.custom<Id>((id) => id !== undefined),
  ),
]);

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
export const microseconds = v.fallback(
  v.nullish(
    v.pipe(
      wholeNumber,
      v.transform((us) => new Date(us / 1000).toISOString()),
    ),
    null,
  ),
  null,
);

/** Returns the items that match the schema. @internal */
export function readable<const S extends v.GenericSchema>(item: S, items: readonly unknown[]): v.InferOutput<S>[] {
  return items.flatMap((value): v.InferOutput<S>[] => {
    const parsed = v.safeParse(item, value);
    return parsed.success ? [parsed.output] : [];
  });
}

/** A list without the items that do not match the schema. @internal */
export function listOf<const S extends v.GenericSchema>(item: S) {
  return v.pipe(
    v.fallback(v.nullish(v.array(v.unknown()), []), []),
    v.transform((items) => readable(item, items)),
  );
}
