import {PoeError} from '../../errors.js';
import {failedFinding, type Finding, okFinding} from '../../finding.js';

/** The result of a check that succeeded. */
export interface Checked<T> {
  value: T;
  /** For the finding. */
  detail: string;
}

/** Checks one layer and yields the finding. @returns undefined if the check failed */
export async function* check<T>(
  layer: string,
  run: () => Promise<Checked<T>>,
  signal?: AbortSignal,
): AsyncGenerator<Finding, T | undefined, undefined> {
  try {
    const {value, detail} = await run();
    yield okFinding(layer, detail);
    return value;
  } catch (error) {
    if (!(error instanceof PoeError) || signal?.aborted) throw error;
    yield failedFinding(layer, error);
    return undefined;
  }
}
