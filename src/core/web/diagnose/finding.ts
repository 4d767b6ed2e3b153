import {type ErrorCode, PoeError} from '../../errors.js';

/** What was seen of one layer between the program and Poe. */
export interface Finding {
  layer: string;
  /** `changed`: the site is no longer as it was known; what serves now is found when it is needed, or with `fix`. */
  state: 'ok' | 'changed' | 'failed';
  /** Without secrets. */
  detail: string;
  /** What to do about it. */
  hint: string | null;
  /** What kind of failure it is. */
  code: ErrorCode | null;
}

export const okFinding = (layer: string, saw: string): Finding => ({
  layer,
  state: 'ok',
  detail: saw,
  hint: null,
  code: null,
});

export const failedFinding = (layer: string, {code, message, hint}: PoeError): Finding => ({
  layer,
  state: 'failed',
  detail: message,
  hint: hint ?? null,
  code,
});

/** What was seen, and what it is good for. */
export interface Checked<T> {
  value: T;
  saw: string;
}

/** Looks at a layer and tells of it. @returns undefined where it is bad */
export async function* check<T>(
  layer: string,
  see: () => Promise<Checked<T>>,
  signal?: AbortSignal,
): AsyncGenerator<Finding, T | undefined, undefined> {
  try {
    const {value, saw} = await see();
    yield okFinding(layer, saw);
    return value;
  } catch (error) {
    if (!(error instanceof PoeError) || signal?.aborted) throw error;
    yield failedFinding(layer, error);
    return undefined;
  }
}
