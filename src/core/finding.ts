import type {ErrorCode, ErrorFacts, PoeError} from './errors.js';
import type {CallOptions} from './options.js';

/** The result of checking one layer between this program and Poe. */
export interface Finding {
  layer: string;
  /** `changed`: the site differs from the stored facts; they are refreshed when needed, or at once with `fix`. */
  state: 'ok' | 'changed' | 'failed';
  /** The observation, without secrets. */
  detail: string;
  /** The next step, as a full sentence that is true wherever it is shown. */
  hint: string | null;
  /** Facts for a hint in the terms of the place it is shown in, as in `PoeError`. */
  facts: ErrorFacts;
  /** The kind of failure. */
  code: ErrorCode | null;
}

export interface DiagnoseOptions extends CallOptions {
  /** Store the facts the site shows now. */
  fix?: boolean | undefined;
  /** Why there are no tokens. Then only the checks that need none are made. */
  anonymous?: PoeError | undefined;
}

export const okFinding = (layer: string, detail: string): Finding => ({
  layer,
  state: 'ok',
  detail,
  hint: null,
  facts: {},
  code: null,
});

export const failedFinding = (layer: string, {code, message, hint, facts}: PoeError): Finding => ({
  layer,
  state: 'failed',
  detail: message,
  hint: hint ?? null,
  facts,
  code,
});
