import {randomInt} from 'node:crypto';

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Ties Poe's echo of a message to its send: 16 letters and digits that were not used before. */
export const nonce = (): string => Array.from({length: 16}, () => letters.charAt(randomInt(letters.length))).join('');
