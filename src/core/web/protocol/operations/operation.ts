import * as v from 'valibot';

/** A form of poe.com's protocol, named after the month in which it was seen. */
export type SiteVersion = '2025-03' | '2026-08';

/** What an operation is called, and the hash of its text. */
export interface OperationVersion {
  name: string;
  hash: string;
}

/**
 * A persisted operation of poe.com: what it is called and hashed as in each form of the site, what it takes, what it gives.
 * Variables are exact, for they are sent; the answer (`data` of the GraphQL envelope) is read leniently.
 */
export interface Operation<
  Variables extends v.GenericSchema = v.GenericSchema,
  Answer extends v.GenericSchema = v.GenericSchema,
> {
  /** A query may be asked again; a mutation never is, unless Poe refused it before executing. */
  kind: 'query' | 'mutation';
  /** Of later forms only what differs from the first. */
  forms: {'2025-03': OperationVersion; '2026-08'?: Partial<OperationVersion>};
  variables: Variables;
  answer: Answer;
}

export function operation<Variables extends v.GenericSchema, Answer extends v.GenericSchema>(
  kind: Operation['kind'],
  forms: Operation['forms'],
  variables: Variables,
  answer: Answer,
): Operation<Variables, Answer> {
  return {kind, forms, variables, answer};
}

export const int = v.pipe(v.number(), v.safeInteger());
export const hash = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
export const nonce = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9]{16}$/));
export const cursor = v.optional(v.nullable(v.string()));
export const textOrNull = v.fallback(v.nullish(v.string(), null), null);
/** What is there or not; its insides do not matter. */
export const anything = v.nullish(v.unknown(), null);
/** How Poe says whether it did what was asked. */
export const verdict = v.fallback(v.nullish(v.object({status: textOrNull, statusMessage: textOrNull}), null), null);
/** A part of an answer that may be missing or odd: then it is null. */
export const maybe = <const S extends v.GenericSchema>(part: S) => v.fallback(v.nullish(part, null), null);
