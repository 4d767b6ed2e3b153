import {createHash, timingSafeEqual} from 'node:crypto';
import {PoeError} from '../core/errors.js';
import {registerSecret} from '../core/log/redact.js';

/** Poe's access keys have this length (fastapi_poe 0.0.83). */
const keyLength = 32;

/** Checks an access key that the owner of a bot has set. @throws PoeError `usage` */
export function checkAccessKey(key: string): string {
  registerSecret(key);
  if (key.length === keyLength && /^[!-~]+$/.test(key)) return key;
  throw new PoeError('usage', `An access key has ${keyLength} characters, and this one has ${key.length}`, {
    hint: 'Copy the access key from the page of your bot on poe.com.',
  });
}

/** Whether a header has this access key. Takes the same time for all wrong keys. */
export function hasAccessKey(authorization: string | undefined, key: string): boolean {
  const [, given = ''] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
  return timingSafeEqual(digest(given), digest(key));
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
