import {createHash, randomBytes, timingSafeEqual} from 'node:crypto';

/** Lets tools that search for secrets recognize a token. */
const prefix = 'poe-serve-';

/** A new token: 256 random bits. */
export const newToken = (): string => prefix + randomBytes(32).toString('base64url');

/** What is stored of a token. Nobody can guess it, so it needs no slow hash. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Finds the entry of a token. Takes the same time whichever entry matches, and how much of a wrong token is right. */
export function findByToken<T extends {hash: string}>(entries: readonly T[], token: string): T | undefined {
  const hash = Buffer.from(hashToken(token), 'hex');
  let found: T | undefined;
  for (const entry of entries) {
    const other = Buffer.from(entry.hash, 'hex');
    if (other.length === hash.length && timingSafeEqual(other, hash)) found = entry;
  }
  return found;
}
