import {PoeError} from '../../errors.js';
import {quote} from '../../redact.js';
import {versionOf, type OperationKey} from './operations.js';

/** How Poe says whether it did what was asked. */
type Verdict = {status: string | null; statusMessage: string | null} | null;

/**
 * Holds Poe to its word: only `success` is success.
 * @param what what was to be done, as in “Poe did not *set the title*”
 * @throws PoeError `refused` with Poe's reason; `not_understood` where the answer has no verdict
 */
export function assertSuccess(key: OperationKey, what: string, verdict: Verdict): void {
  const {status = null, statusMessage = null} = verdict ?? {};
  if (status === 'success') return;
  if (status === null && !statusMessage) throw unclear(key, what);
  const why = statusMessage ? `“${quote(statusMessage, 300)}”` : (status ?? '');
  throw new PoeError('refused', `Poe did not ${what}: ${why}`, {hint: 'Look at the account on poe.com.'});
}

/** Takes an answer that has to be there. @throws PoeError `not_understood` */
export function assertPresent<T>(key: OperationKey, what: string, value: T | null | undefined): T {
  if (value === null || value === undefined || value === false) throw unclear(key, what);
  return value;
}

function unclear(key: OperationKey, what: string): PoeError {
  const {name} = versionOf(key, '2025-03');
  return new PoeError('not_understood', `Poe did not ${what}: its answer to ${name} says neither yes nor no`, {
    hint: 'Look on poe.com whether it was done; the site may have changed.',
  });
}
