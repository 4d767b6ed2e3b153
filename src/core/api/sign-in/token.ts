import * as v from 'valibot';
import {PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import {registerSecret, quote} from '../../redact.js';
import type {CallOptions} from '../../options.js';
import {serverTime} from '../../http/clock.js';
import {parseJson} from '../../http/json.js';
import {requestText, type TextResponse} from '../../http/request.js';

/** What a code is exchanged by. */
export interface Exchange {
  clientId: string;
  code: string;
  redirectUri: string;
  verifier: string;
}

/** A key that Poe made for poe. */
export interface IssuedKey {
  apiKey: string;
  /** When it ends, ISO 8601; null for never. */
  expires: string | null;
}

const Token = v.object({
  api_key: v.pipe(v.string(), v.nonEmpty()),
  api_key_expires_in: v.fallback(v.nullish(v.number(), null), null),
});

const Refusal = v.object({error: v.string(), error_description: v.fallback(v.nullish(v.string(), null), null)});

interface Where {
  apiUrl: URL;
  timeoutMs: number;
  log: Log;
}

/** Exchanges a code for a key. It is done once: Poe takes no code twice. @throws PoeError */
export async function exchange(
  {clientId, code, redirectUri, verifier}: Exchange,
  {apiUrl, timeoutMs, log}: Where,
  {signal}: CallOptions = {},
): Promise<IssuedKey> {
  registerSecret(code, verifier);
  const url = new URL('/token', apiUrl);
  const form = {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  const headers = {'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8'};
  const request = {method: 'POST', headers: () => headers, body: new URLSearchParams(form).toString()} as const;
  return readKey(await requestText(url, request, {name: 'api /token', timeoutMs, log, signal}));
}

function readKey({status, headers, text}: TextResponse): IssuedKey {
  const answer = parseJson(text);
  const token = v.safeParse(Token, answer);
  if (status < 300 && token.success) {
    const {api_key: apiKey, api_key_expires_in: seconds} = token.output;
    registerSecret(apiKey);
    const now = serverTime(headers) ?? Date.now();
    return {apiKey, expires: seconds === null ? null : new Date(now + seconds * 1000).toISOString()};
  }
  const refusal = v.safeParse(Refusal, answer);
  if (!refusal.success)
    throw new PoeError('not_understood', `Poe answered the login in a way that is not understood (${status})`, {
      hint: 'poe may be out of date.',
    });
  throw refused(refusal.output.error, refusal.output.error_description);
}

/** What Poe's documentation says of each (2026). */
function refused(error: string, description: string | null): PoeError {
  const why = description === null ? error : `${error}: ${quote(description, 300)}`;
  if (error === 'server_error')
    return new PoeError('unavailable', `Poe could not make a key (${why})`, {hint: 'Try again.'});
  return new PoeError('refused', `Poe made no key (${why})`, {
    hint:
      error === 'invalid_grant'
        ? 'A code is good once and for a short time: try again with poe login --api-key.'
        : 'Check the client id (POE_CLIENT_ID); after many tries, wait a while.',
  });
}
