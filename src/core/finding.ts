import type {ErrorCode, PoeError} from './errors.js';
import type {CallOptions} from './options.js';

/** The result of checking one layer between this program and Poe. */
export interface Finding {
  layer: string;
  /** `changed`: the site differs from the stored facts; they are refreshed when needed, or at once with `fix`. */
  state: 'ok' | 'changed' | 'failed';
  /** What was observed, without secrets. */
  detail: string;
  /** What to do about it. */
  hint: string | null;
  /** The kind of failure. */
  code: ErrorCode | null;
}

export interface DiagnoseOptions extends CallOptions {
  /** Store the facts the site shows now. */
  fix?: boolean;
  /** Why there are no tokens. Only checks that need none are then made. */
  stranger?: PoeError;
}

export const okFinding = (layer: string, detail: string): Finding => ({
  layer,
  state: 'ok',
  detail,
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
