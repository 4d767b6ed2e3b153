import {endpoint} from '../http/api.js';
import * as v from 'valibot';
import {PoeError} from '../../errors.js';
import {count} from '../../input/lenient.js';
import type {Log} from '../../log/log.js';
import {registerSecret, quote} from '../../log/redact.js';
import type {CallOptions} from '../../options.js';
import {serverTime} from '../../http/clock.js';
import {parseJson} from '../../http/json.js';
import {requestText, type TextResponse} from '../../http/request.js';

/** An authorization code, and what proves that it was issued to this program. */
export interface AuthorizationCode {
  clientId: string;
  code: string;
  redirectUri: string;
  verifier: string;
}

/** An API key that Poe created for this program. */
export interface IssuedKey {
  apiKey: string;
  /** ISO 8601; null if the key does not expire. */
  expires: string | null;
}

interface ExchangeOptions extends CallOptions {
  apiUrl: URL;
  timeoutMs: number;
  log: Log;
}

/** Exchanges a code for a key. Makes one attempt: a code can be used only once. @throws PoeError */
export async function exchangeCode(
  {clientId, code, redirectUri, verifier}: AuthorizationCode,
  {apiUrl, timeoutMs, log, signal}: ExchangeOptions,
): Promise<IssuedKey> {
  registerSecret(code, verifier);
  const form = {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  const headers = {'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8'};
  const response = await requestText(
    endpoint(apiUrl, '/token'),
    {method: 'POST', headers: () => headers, body: new URLSearchParams(form).toString()},
    {name: 'api /token', timeoutMs, log, signal},
  );
  return parseToken(response);
}

const tokenSchema = v.object({
  api_key: v.pipe(v.string(), v.nonEmpty()),
  /** Seconds. A key without them does not expire. */
  api_key_expires_in: count,
});

/** ISO 8601; null for a time that is too far away to be one. */
const timeAt = (ms: number): string | null => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : null);

const errorSchema = v.object({
  error: v.string(),
  error_description: v.fallback(v.nullish(v.string(), null), null),
});

function parseToken({status, headers, text}: TextResponse): IssuedKey {
  const body = parseJson(text);
  const token = v.safeParse(tokenSchema, body);
  if (status < 300 && token.success) {
    const {api_key: apiKey, api_key_expires_in: seconds} = token.output;
    registerSecret(apiKey);
    const now = serverTime(headers) ?? Date.now();
    return {apiKey, expires: seconds === null ? null : timeAt(now + seconds * 1000)};
  }
  const error = v.safeParse(errorSchema, body);
  if (error.success) throw tokenError(error.output.error, error.output.error_description);
  throw new PoeError('not_understood', `Unknown response of Poe's API to the login (HTTP ${status})`, {
    hint: 'Look for a newer version of poe.',
  });
}

/** The errors that Poe documents (Sign in with Poe, 2026). */
function tokenError(error: string, description: string | null): PoeError {
  const reason = description === null ? error : `${error}: ${quote(description, 300)}`;
  if (error === 'server_error') {
    return new PoeError('unavailable', `Poe could not create a key (${reason})`, {hint: 'Try again.'});
  }
  const message = `Poe did not create a key (${reason})`;
  if (error === 'invalid_grant') {
    return new PoeError('refused', message, {
      hint: 'A code can be used once and expires quickly.',
      remedy: 'log_in',
      needs: 'api',
    });
  }
  return new PoeError('refused', message, {
    hint: 'After many attempts, wait a while.',
    remedy: 'check_client_id',
  });
}
