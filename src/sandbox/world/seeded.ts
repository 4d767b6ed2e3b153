import {createHash} from 'node:crypto';

/*
 * Pseudo-random values. The same seed always gives the same value, so every sandbox starts in the same state.
 */

/** 32 hex characters. */
export const seededHex = (seed: string): string => createHash('md5').update(`poe sandbox: ${seed}`).digest('hex');

/** 64 hex characters, like the hash of a persisted query. */
export const seededHash = (seed: string): string => createHash('sha256').update(`poe sandbox: ${seed}`).digest('hex');

/** An integer from 0 to `below` - 1. */
export const seededNumber = (seed: string, below: number): number =>
  Number.parseInt(seededHex(seed).slice(0, 8), 16) % below;

/** Characters a-z and 0-9, like the codes of chats and messages. @param length at most 40 */
export const seededCode = (seed: string, length: number): string =>
  BigInt(`0x1${seededHash(seed)}`)
    .toString(36)
    .slice(-length);

/** A name of letters and digits that starts with a letter, like those of obfuscated scripts. */
export const seededName = (seed: string, length: number): string =>
  'abcdefghjkmnpqrstuvwxyz'.charAt(seededNumber(seed, 23)) +
  [...seededCode(seed, length - 1)].map((c, i) => (seededHex(`${seed}${i}`) < '8' ? c.toUpperCase() : c)).join('');
