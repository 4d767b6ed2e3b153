import {randomInt} from 'node:crypto';

const characters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** A new random nonce: 16 letters and digits. Poe returns it with the message, which identifies the send it came from. */
export const newNonce = (): string =>
  Array.from({length: 16}, () => characters.charAt(randomInt(characters.length))).join('');
