import {createHash, randomBytes} from 'node:crypto';

/** What shows that who exchanges a code is who asked for it (RFC 7636): only the challenge leaves before the code is there. */
export interface Challenge {
  verifier: string;
  /** By S256. */
  challenge: string;
}

export function newChallenge(): Challenge {
  const verifier = randomBytes(32).toString('base64url');
  return {verifier, challenge: createHash('sha256').update(verifier).digest('base64url')};
}

/** What an answer of the browser is known by. */
export const newState = (): string => randomBytes(24).toString('base64url');
