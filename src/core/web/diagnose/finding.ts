import {type ErrorCode, PoeError} from '../../errors.js';

/** What was seen of one layer between the program and Poe. */
export interface Finding {
  layer: string;
  /** `changed`: the site is no longer as it was known; what serves now is found when it is needed, or with `fix`. */
  state: 'good' | 'changed' | 'bad';
  /** Without secrets. */
  saw: string;
  /** What to do about it. */
  fix: string | null;
  /** What kind of failure it is. */
  code: ErrorCode | null;
}

export const goodFinding = (layer: string, saw: string): Finding => ({
  layer,
  state: 'good',
  saw,
  fix: null,
  code: null,
});

export const badFinding = (layer: string, {code, message, hint}: PoeError): Finding => ({
  layer,
  state: 'bad',
  saw: message,
  fix: hint ?? null,
  code,
});

/** What was seen, and what it is good for. */
export interface Seen<T> {
  value: T;
  saw: string;
}

/** Looks at a layer and tells of it. @returns undefined where it is bad */
export async function* look<T>(
  layer: string,
  see: () => Promise<Seen<T>>,
  signal?: AbortSignal,
): AsyncGenerator<Finding, T | undefined, undefined> {
  try {
    const {value, saw} = await see();
    yield goodFinding(layer, saw);
    return value;
  } catch (error) {
    if (!(error instanceof PoeError) || signal?.aborted) throw error;
    yield badFinding(layer, error);
    return undefined;
  }
}
