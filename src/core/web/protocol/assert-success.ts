import {PoeError} from '../../errors.js';
import {quote} from '../../log/redact.js';
import {versionOf, type OperationKey} from './operations.js';

/**
 * Requires the status `success`.
 * @param action a verb phrase for the error message: "Poe did not *set the title*"
 * @throws PoeError `refused` with Poe's reason; `not_understood` if the response has no status
 */
export function assertSuccess(
  key: OperationKey,
  action: string,
  result: {status: string | null; statusMessage: string | null} | null,
): void {
  const {status = null, statusMessage = null} = result ?? {};
  if (status === 'success') return;
  if (status === null && !statusMessage) throw unclear(key, action);
  const reason = statusMessage ? `"${quote(statusMessage, 300)}"` : (status ?? '');
  throw new PoeError('refused', `Poe did not ${action}: ${reason}`, {hint: 'Check the account on poe.com.'});
}

/** Requires a value in a response. @param action a verb phrase for the error message @throws PoeError `not_understood` */
export function assertPresent<T>(key: OperationKey, action: string, value: T | null | undefined): T {
  if (value === null || value === undefined || value === false) throw unclear(key, action);
  return value;
}

function unclear(key: OperationKey, action: string): PoeError {
  const {name} = versionOf(key, '2025-03');
  return new PoeError(
    'not_understood',
    `Poe did not confirm that it could ${action}: its response to ${name} is empty`,
    {
      hint: 'Check the result on poe.com. The site may have changed.',
    },
  );
}
