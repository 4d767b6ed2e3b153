import * as v from 'valibot';
import {PoeError} from '../../core/errors.js';

/** @param path where the problem is: `messages[0].role` */
export const invalidRequest = (path: string, problem: string): PoeError =>
  new PoeError('usage', path === '' ? problem : `${path}: ${problem}`);

/** Reads the body of a request. @throws PoeError `usage` that names the first field that does not match */
export function parseBody<const S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const keys = (issue.path ?? []).map(({key}) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`));
  throw invalidRequest(keys.join('').replace(/^\./, ''), describe(issue));
}

/** Without what was received: it may be a part of a message. */
function describe({received, expected, message}: v.BaseIssue<unknown>): string {
  if (received === 'undefined') return 'is required';
  return message.startsWith('Invalid ') ? `must be ${expected ?? 'valid'}` : message;
}

/** Whether a field was given a value. */
export const isSet = (value: unknown): boolean =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);

interface Fields {
  /** The fields that were read. */
  used: readonly string[];
  /** The other fields of the format. Everything else may be a parameter of the bot. */
  known: ReadonlySet<string>;
}

/** Sorts the fields of a body that were not read. */
export function otherFields(body: Readonly<Record<string, unknown>>, {used, known}: Fields) {
  const others = Object.entries(body).filter(([name, value]) => isSet(value) && !used.includes(name));
  const isParameter = ([name, value]: [string, unknown]) =>
    !known.has(name) && ['string', 'number', 'boolean'].includes(typeof value);
  return {
    parameters: Object.fromEntries(others.filter(isParameter).map(([name, value]) => [name, String(value)])),
    ignored: others.filter((field) => !isParameter(field)).map(([name]) => name),
  };
}
