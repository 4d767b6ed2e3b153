import {PoeError} from '../../core/errors.js';
import {defaultSiteUrl} from '../../store/caches/poe-urls.js';
import type {Profile, Tokens} from '../../store/profiles.js';
import type {GlobalOptions} from '../global-options.js';
import type {Io} from '../io.js';

/** The tokens from options, or else from the environment. */
export function requestedTokens({pB, pLat, ...options}: GlobalOptions, env: Io['env']): Partial<Tokens> {
  return {
    pB: pB?.trim() ?? trimmed(env.POE_P_B),
    pLat: pLat?.trim() ?? trimmed(env.POE_P_LAT),
    ...requestedExtras(options, env),
  };
}

/** The tokens from options or the environment that can be combined with any session. Only those that are set. */
export function requestedExtras({formkey}: GlobalOptions, env: Io['env']): Partial<Tokens> {
  const extras = {
    formKey: formkey?.trim() ?? trimmed(env.POE_FORMKEY) ?? trimmed(env.POE_FROMKEY),
    cfClearance: trimmed(env.POE_CF_CLEARANCE),
    cfBm: trimmed(env.POE_CF_BM),
    userAgent: trimmed(env.POE_USER_AGENT),
  };
  return Object.fromEntries(Object.entries(extras).filter(([, value]) => value));
}

/** The value of a variable without the line end that one from a file often has; undefined if it is empty. */
export const trimmed = (value: string | undefined): string | undefined => value?.trim() || undefined;

/** The saved tokens, if they are for this site; undefined if there are none. @throws PoeError `not_logged_in` */
export function savedTokens(
  {tokens, site = defaultSiteUrl}: Profile,
  profile: string,
  siteUrl: string,
): Tokens | undefined {
  if (!tokens || isSameDeployment(site, siteUrl)) return tokens;
  throw notLoggedIn(`the cookies of the profile ${JSON.stringify(profile)} are for ${site}, not for ${siteUrl}`);
}

/** Whether tokens, keys and chats of one base URL may be used with another: same origin, or both on this machine. */
export function isSameDeployment(one: string, other: string): boolean {
  const [a, b] = [one, other].map((url) => (URL.canParse(url) ? new URL(url) : undefined));
  return (
    a !== undefined && b !== undefined && (a.origin === b.origin || (a.protocol === 'http:' && b.protocol === 'http:'))
  );
}

/** Warns about secrets given as options; undefined if there are none. */
export function exposedSecretsNote(options: GlobalOptions & {cfClearance?: string; cfBm?: string}): string | undefined {
  const {pB, pLat, formkey, apiKey, cfClearance, cfBm} = options;
  const secrets = {
    '--p-b': pB,
    '--p-lat': pLat,
    '--formkey': formkey,
    '--cf-clearance': cfClearance,
    '--cf-bm': cfBm,
    '--api-key': apiKey === true ? undefined : apiKey,
  };
  const names = Object.entries(secrets).flatMap(([name, value]) => (value === undefined ? [] : name));
  if (names.length === 0) return undefined;
  return `Other users of this machine can see the values of ${names.join(', ')}. It is safer to use poe login.`;
}

/** The profile has neither a session nor a key. */
export const notLoggedIn = (why: string) => new PoeError('not_logged_in', `Not logged in: ${why}`, {remedy: 'log_in'});

export const sessionRequired = (why: string) =>
  new PoeError('not_logged_in', `This requires a browser session, but ${why}`, {remedy: 'log_in', needs: 'web'});

export const keyRequired = (why: string) =>
  new PoeError('not_logged_in', `This requires an API key, but ${why}`, {remedy: 'log_in', needs: 'api'});
