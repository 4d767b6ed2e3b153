import * as v from 'valibot';
import {interruption, PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import type {CallOptions} from '../../options.js';
import {timeOf} from '../../web/clock.js';
import {networkError} from '../../web/network.js';
import {dispatcherFor} from '../../web/route.js';

/** What a code is exchanged by. */
export interface Exchange {
  clientId: string;
  code: string;
  redirectUri: string;
  verifier: string;
}

/** A key that Poe made for poe. */
export interface GivenKey {
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
): Promise<GivenKey> {
  const url = new URL('/token', apiUrl);
  const form = {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  };
  const patience = AbortSignal.timeout(timeoutMs);
  // Node and the undici package each have a type of their own for a dispatcher; hence `unknown`, and the `as` below.
  const init: Omit<RequestInit, 'dispatcher'> & {dispatcher?: unknown} = {
    method: 'POST',
    body: new URLSearchParams(form),
    redirect: 'manual',
    signal: AbortSignal.any([patience, ...(signal ? [signal] : [])]),
    dispatcher: await dispatcherFor(url),
  };
  const started = performance.now();
  const told = (status: number | string) => log({what: 'api /token', status, ms: performance.now() - started});
  try {
    const response = await fetch(url, init as RequestInit);
    told(response.status);
    return keyIn(response, await response.text());
  } catch (error) {
    if (error instanceof PoeError) throw error;
    told('failed');
    if (signal?.aborted) throw interruption(signal);
    if (patience.aborted)
      throw new PoeError('timeout', `${url.host} did not answer`, {hint: 'Try again.', cause: error});
    throw networkError(error, url);
  }
}

function keyIn({status, headers}: Response, body: string): GivenKey {
  const answer = parsed(body);
  const token = v.safeParse(Token, answer);
  if (status < 300 && token.success) {
    const {api_key: apiKey, api_key_expires_in: seconds} = token.output;
    const now = timeOf(headers) ?? Date.now();
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
  const why = description === null ? error : `${error}: ${description.slice(0, 300)}`;
  if (error === 'server_error')
    return new PoeError('unavailable', `Poe could not make a key (${why})`, {hint: 'Try again.'});
  return new PoeError('refused', `Poe made no key (${why})`, {
    hint:
      error === 'invalid_grant'
        ? 'A code is good once and for a short time: try again with poe login --api-key.'
        : 'Check the client id (POE_CLIENT_ID); after many tries, wait a while.',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
