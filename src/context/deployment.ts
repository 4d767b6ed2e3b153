import {PoeError} from '../core/errors.js';

/* Whose chats and tokens are, and what to say where there are none. */

/** The profile has no session of a browser, or is not to use it. */
export const sessionRequired = (why: string, besides = '') =>
  new PoeError('not_logged_in', `This needs the session of a browser: ${why}`, {
    hint: `Log in with: poe login${besides}`,
  });

/** The profile has no API key, or is not to use it. */
export const keyRequired = (why: string, besides = '') =>
  new PoeError('not_logged_in', `This needs an API key: ${why}`, {
    hint: `Make a key at https://poe.com/api/keys, then: poe login --api-key${besides}`,
  });

/** The profile has no way to Poe. */
export const notLoggedIn = (why: string) =>
  new PoeError('not_logged_in', `Not logged in: ${why}`, {
    hint: 'Log in with: poe login, or with an API key: poe login --api-key. To try poe without an account, add --sandbox.',
  });

/** Whether tokens and chats of one address are good at another: the same site, or both on this machine. */
export function isSameDeployment(one: string, other: string): boolean {
  const [a, b] = [one, other].map((address) => (URL.canParse(address) ? new URL(address) : undefined));
  return (
    a !== undefined && b !== undefined && (a.origin === b.origin || (a.protocol === 'http:' && b.protocol === 'http:'))
  );
}
