import {PoeError} from '../../errors.js';
import {fieldsOf} from '../../http/json.js';
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
  throw refusal(action, status, statusMessage);
}

/**
 * Requires that Poe has done something, and that the response does not refuse it. Any value confirms it.
 * @param action as in `assertSuccess`
 * @throws PoeError `refused` with Poe's reason; `not_understood` if there is no value
 */
export function assertDone(key: OperationKey, action: string, result: unknown): void {
  const {status, statusMessage} = fieldsOf(assertPresent(key, action, result));
  const reason = typeof statusMessage === 'string' && statusMessage !== '' ? statusMessage : null;
  const failed = typeof status === 'string' && status !== 'success' ? status : null;
  // Other fields named `status` may say something else.
  const isRefused = failed !== null ? statusMessage !== undefined : status !== 'success' && reason !== null;
  if (isRefused) throw refusal(action, failed, reason);
}

/** Requires a value in a response. @param action a verb phrase for the error message @throws PoeError `not_understood` */
export function assertPresent<T>(key: OperationKey, action: string, value: T | null | undefined): T {
  if (value === null || value === undefined || value === false) throw unclear(key, action);
  return value;
}

function refusal(action: string, status: string | null, statusMessage: string | null): PoeError {
  const reason = statusMessage ? `"${quote(statusMessage, 300)}"` : (status ?? '');
  return new PoeError('refused', `Poe did not ${action}: ${reason}`, {hint: 'Check the account on poe.com.'});
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
