import {PoeError} from '../errors.js';
import {siteAddress} from '../web/address.js';

/** Reads the address of the API. `https:` anywhere, `http:` on loopback only, for the key goes there. @throws PoeError `usage` */
export function apiAddress(text: string): URL {
  try {
    return siteAddress(text);
  } catch (error) {
    throw new PoeError('usage', `${JSON.stringify(text)} is not an address the API key may be sent to`, {
      hint: 'Use https:, or http: with a host on this machine.',
      cause: error,
    });
  }
}

/** Reads an API key, whose form Poe does not tell. @throws PoeError `bad_tokens` for what no header could carry */
export function apiKeyOf(text: string): string {
  const key = text.trim();
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new PoeError('bad_tokens', 'The API key is empty or has signs that no key has', {hint: whereKeysAre});
}

export const whereKeysAre = 'Make a key at https://poe.com/api/keys, then: poe login --api-key';
