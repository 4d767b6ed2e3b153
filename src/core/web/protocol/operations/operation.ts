import * as v from 'valibot';
import type {Id} from '../../../names/id.js';

/** A version of poe.com, named after the month it was seen in. */
export type SiteVersion = '2025-03' | '2026-08';

/** The name of an operation in one site version, and the hash of its text. */
export interface OperationVersion {
  name: string;
  hash: string;
}

/**
 * A persisted operation of poe.com. The schema of the variables is exact, because they are sent; the answer (`data` of the GraphQL
 * response) is read leniently.
 */
export interface Operation<
  Variables extends v.GenericSchema = v.GenericSchema,
  Answer extends v.GenericSchema = v.GenericSchema,
> {
  /** A query can be repeated. A mutation is repeated only if Poe rejected it before executing it. */
  kind: 'query' | 'mutation';
  /** A later version lists only what differs from the first. */
  versions: {'2025-03': OperationVersion; '2026-08'?: Partial<OperationVersion>};
  variables: Variables;
  answer: Answer;
}

export function operation<Variables extends v.GenericSchema, Answer extends v.GenericSchema>(
  kind: Operation['kind'],
  versions: Operation['versions'],
  variables: Variables,
  answer: Answer,
): Operation<Variables, Answer> {
  return {kind, versions, variables, answer};
}

export const int = v.pipe(v.number(), v.safeInteger());
/** Sent as a JSON number, also if it is text here. */
export const id: v.GenericSchema<Id> = v.union([int, v.pipe(v.string(), v.regex(/^\d{1,20}$/))]);
export const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const nonce = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9]{16}$/));
/** The site also accepts numbers, which other clients send. */
export const cursorOrNull = v.nullable(v.union([v.string(), int]));
export const cursor = v.optional(cursorOrNull);
export const textOrNull = v.fallback(v.nullish(v.string(), null), null);
/** A value that only has to be present. */
export const anything = v.nullish(v.unknown(), null);
/** Whether a mutation succeeded. */
export const result = v.fallback(v.nullish(v.object({status: textOrNull, statusMessage: textOrNull}), null), null);
/** A part of an answer that is null if it is missing or cannot be read. */
export const maybe = <const S extends v.GenericSchema>(part: S) => v.fallback(v.nullish(part, null), null);
