import {interruption, PoeError} from '../../errors.js';
import type {Log} from '../../log.js';
import type {CallOptions} from '../../options.js';
import {siteAddress} from '../../http/address.js';
import {apiAddress} from '../http/api.js';
import {listen} from './callback.js';
import {newChallenge, newState} from './challenge.js';
import {pastedCode} from './redirect.js';
import {exchange, type IssuedKey} from './token.js';

export type {IssuedKey};

export interface SignInOptions extends CallOptions {
  /** As https://poe.com/api/clients tells it. */
  clientId: string;
  /** Default `https://poe.com`. */
  siteUrl?: string;
  /** Default `https://api.poe.com`. */
  apiUrl?: string;
  /** How long the user may take, in milliseconds. Default ten minutes. */
  patienceMs?: number;
  /** Silence allowed from Poe, in milliseconds. Default two minutes. */
  timeoutMs?: number;
  log?: Log;
  /**
   * Is given the address where the user lets poe in. It may give back what the user has copied from the browser, where that
   * cannot come back to this machine: the address it was sent to, or the code in it. The signal is aborted when nothing is
   * waited for any more.
   */
  show(url: string, signal: AbortSignal): Promise<string | undefined>;
}

/**
 * Signs in with Poe: the user lets poe in with the browser, and Poe makes a key (OAuth 2 with PKCE, as Poe's documentation has it
 * in 2026). The browser comes back to a port of this machine.
 * @throws PoeError `refused` for a no, `timeout` where nobody answers, `interrupted`
 */
export async function signIn(options: SignInOptions): Promise<IssuedKey> {
  const {clientId, siteUrl = 'https://poe.com', apiUrl = 'https://api.poe.com', show, signal} = options;
  const {patienceMs = 600_000, timeoutMs = 120_000, log = () => {}} = options;
  const [site, api] = [siteAddress(siteUrl), apiAddress(apiUrl)];
  const {verifier, challenge} = newChallenge();
  const state = newState();
  const callback = await listen(state);
  const over = new AbortController();
  try {
    const url = authorizeAddress(site, {clientId, redirectUri: callback.redirectUri, challenge, state});
    const pasted = show(url, over.signal).then((text) => (text === undefined ? never : pastedCode(text, state)));
    const code = await Promise.race([callback.code, pasted, patience(patienceMs, over.signal, signal)]);
    return await exchange(
      {clientId, code, redirectUri: callback.redirectUri, verifier},
      {apiUrl: api, timeoutMs, log},
      {signal},
    );
  } finally {
    over.abort();
    callback.close();
  }
}

function authorizeAddress(
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

/** Ends the waiting: after that time, or when it is called off. */
function patience(ms: number, over: AbortSignal, signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const timer = setTimeout(() => reject(nobody()), ms);
    const leave = () => reject(interruption(signal));
    over.addEventListener('abort', () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    });
    if (signal?.aborted) leave();
    signal?.addEventListener('abort', leave, {once: true});
  });
}

const nobody = () =>
  new PoeError('timeout', 'Nobody has let poe in', {
    hint: 'Try again, or make a key at https://poe.com/api/keys and give it in POE_API_KEY or on stdin.',
  });
