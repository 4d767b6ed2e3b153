import {PoeError} from '../errors.js';

/** What a field of options must be. */
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string';

/** Checks for fields, and how an error describes what they must be. */
const kinds = {
  text: {description: 'a string', check: isText},
  filledText: {description: 'a string that is not empty', check: (value) => isText(value) && value !== ''},
  duration: {description: 'a number of milliseconds above 0', check: (value) => typeof value === 'number' && value > 0},
  number: {description: 'a number', check: (value) => typeof value === 'number' && !Number.isNaN(value)},
  list: {description: 'an array', check: (value) => Array.isArray(value)},
  signal: {description: 'an AbortSignal', check: (value) => value instanceof AbortSignal},
  function: {description: 'a function', check: (value) => typeof value === 'function'},
} as const satisfies Record<string, {description: string; check: Check}>;

/** What a field must be. With `?` it may be missing. */
type FieldKind = keyof typeof kinds | `${keyof typeof kinds}?`;

/**
 * Checks the options of a call from a program that may not use types.
 * @param call the name of the function, such as `connect`
 * @throws PoeError `usage` that names the first wrong field
 */
export function checkOptions(call: string, options: unknown, fields: Readonly<Record<string, FieldKind>>): void {
  const values = new Map(typeof options === 'object' && options !== null ? Object.entries(options) : []);
  for (const [field, expected] of Object.entries(fields)) {
    const value: unknown = values.get(field);
    if (expected.endsWith('?') && value === undefined) continue;
    // A template literal type has no other values.
    const {description, check} = kinds[expected.replace('?', '') as keyof typeof kinds];
    if (check(value)) continue;
    const found = value === undefined ? 'is missing' : `must be ${description}`;
    throw new PoeError('usage', `${call}: the option ${field} ${found}`, {
      hint: value === undefined ? `It must be ${description}.` : undefined,
    });
  }
}
