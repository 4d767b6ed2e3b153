import {createHash, randomBytes} from 'node:crypto';
import {interruption, PoeError} from '../../errors.js';
import {parseSiteUrl} from '../../http/url.js';
import type {Log} from '../../log/log.js';
import type {CallOptions} from '../../options.js';
import {parseApiUrl} from '../http/api.js';
import {listenForCallback} from './callback.js';
import {codeInPaste} from './redirect.js';
import {exchangeCode, type IssuedKey} from './token.js';

export type {IssuedKey};

export interface SignInOptions extends CallOptions {
  /** The id of a client from https://poe.com/api/clients. */
  clientId: string;
  /** Default `https://poe.com`. */
  siteUrl?: string | undefined;
  /** Default `https://api.poe.com`. */
  apiUrl?: string | undefined;
  /** How long to wait for the user, in milliseconds. Default ten minutes. */
  userTimeoutMs?: number | undefined;
  /** Give up a request after this many milliseconds without data. Default two minutes. */
  timeoutMs?: number | undefined;
  log?: Log | undefined;
  /**
   * Shows the URL where the user allows access. For browsers that cannot reach this machine, it may return what the user
   * copied from the browser: the URL it was redirected to, or the code in it.
   * @param signal aborted when the answer is no longer needed
   */
  show(url: string, signal: AbortSignal): Promise<string | undefined>;
}

/**
 * Signs in with Poe: the user allows access in the browser, and Poe creates an API key (OAuth 2 with PKCE, Sign in with Poe, 2026).
 * The browser returns to a port of this machine.
 * @throws PoeError `refused` if the user or Poe declines, `timeout` if the user does not decide, `interrupted`
 */
export async function signIn(options: SignInOptions): Promise<IssuedKey> {
  const {clientId, siteUrl = 'https://poe.com', apiUrl = 'https://api.poe.com', show, signal} = options;
  const {userTimeoutMs = 600_000, timeoutMs = 120_000, log = () => {}} = options;
  const [site, api] = [parseSiteUrl(siteUrl), parseApiUrl(apiUrl)];
  const {verifier, challenge} = newChallenge();
  const state = randomBytes(24).toString('base64url');
  const expected = {state, site};
  const callback = await listenForCallback(expected);
  const settled = new AbortController();
  try {
    const {redirectUri} = callback;
    const url = authorizeUrl(site, {clientId, redirectUri, challenge, state});
    const pasted = show(url, settled.signal).then((text) => (text === undefined ? never : codeInPaste(text, expected)));
    const code = await Promise.race([callback.code, pasted, limit(userTimeoutMs, settled.signal, signal)]);
    return await exchangeCode({clientId, code, redirectUri, verifier}, {apiUrl: api, timeoutMs, log, signal});
  } finally {
    settled.abort();
    callback.close();
  }
}

/** A secret, and its hash, which is all that leaves this machine before the code is exchanged (RFC 7636). */
function newChallenge(): {verifier: string; challenge: string} {
  const verifier = randomBytes(32).toString('base64url');
  return {verifier, challenge: createHash('sha256').update(verifier).digest('base64url')};
}

function authorizeUrl(
  site: URL,
  {clientId, redirectUri, challenge, state}: {clientId: string; redirectUri: string; challenge: string; state: string},
): string {
  const url = new URL('/oauth/authorize', site);
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'apikey:create',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state,
  }).toString();
  return url.href;
}

const never = new Promise<never>(() => {});

/** Rejects after a time, or when the caller's signal is aborted. */
function limit(ms: number, settled: AbortSignal, signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(notDecided()), ms);
    const interrupt = () => reject(interruption(signal));
    settled.addEventListener('abort', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', interrupt);
    });
    if (signal?.aborted) interrupt();
    signal?.addEventListener('abort', interrupt, {once: true});
  });
}

const notDecided = () =>
  new PoeError('timeout', 'Access was not allowed in time', {hint: 'Try again.', remedy: 'enter_key'});
