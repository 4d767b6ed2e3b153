import {PoeError} from '../../errors.js';
import {registerSecret} from '../../redact.js';
import {isLoopback, parseUrl} from '../../http/address.js';

/** Reads the address of the API. `https:` anywhere, `http:` on loopback only, for the key goes there. @throws PoeError `usage` */
export const apiAddress = (text: string): URL => new URL(keyAddress(text).origin);

/** As `apiAddress`, with its path: where files go. @throws PoeError `usage` */
export function keyAddress(text: string): URL {
  const url = parseUrl(text);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname))) return url;
  throw new PoeError('usage', `${JSON.stringify(text)} is not an address the API key may be sent to`, {
    hint: 'Use https:, or http: with a host on this machine.',
  });
}

/** Reads an API key, whose form Poe does not tell. @throws PoeError `bad_tokens` for what no header could carry */
export function apiKeyOf(text: string): string {
  const key = text.trim();
  registerSecret(key);
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new PoeError('bad_tokens', 'The API key is empty or has signs that no key has', {hint: whereKeysAre});
}

export const whereKeysAre = 'Make a key at https://poe.com/api/keys, then: poe login --api-key';
