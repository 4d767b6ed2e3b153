import {createHash} from 'node:crypto';

/** 32 hex characters that look random and are the same for the same seed. */
export const seededHex = (seed: string): string => createHash('md5').update(`poe sandbox: ${seed}`).digest('hex');

/** 64 hex characters, as the hash of a persisted query. */
export const seededHash = (seed: string): string => createHash('sha256').update(`poe sandbox: ${seed}`).digest('hex');

/** A number from 0 up to, not including, `below`. */
export const seededNumber = (seed: string, below: number): number =>
  Number.parseInt(seededHex(seed).slice(0, 8), 16) % below;

/** `length` (at most 40) characters of a-z and 0-9, as in the codes of chats and messages. */
export const seededCode = (seed: string, length: number): string =>
  BigInt(`0x1${seededHash(seed)}`)
    .toString(36)
    .slice(-length);

/** A name of letters and digits that starts with a letter, as minifiers and obfuscators make them. */
export const seededName = (seed: string, length: number): string =>
  'abcdefghjkmnpqrstuvwxyz'.charAt(seededNumber(seed, 23)) +
  [...seededCode(seed, length - 1)].map((c, i) => (seededHex(`${seed}${i}`) < '8' ? c.toUpperCase() : c)).join('');
