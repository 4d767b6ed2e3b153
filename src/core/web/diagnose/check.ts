import {PoeError} from '../../errors.js';
import {failedFinding, type Finding, okFinding} from '../../finding.js';

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
