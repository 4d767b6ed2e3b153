import type {GlobalOptions} from '../commands/shared/global-options.js';
import {PoeError} from '../core/errors.js';
import {isSameDeployment} from './deployment.js';
import type {Io} from './io.js';
import type {Profile} from '../store/profiles.js';

/** The two ways to Poe: with the session of a browser, or by its API with a key. */
export type Backend = 'web' | 'api';

/** Where something that opens a way was said; what comes first here goes before the rest. */
const origins = ['flag', 'environment', 'store'] as const;
type Origin = (typeof origins)[number];

/** Which ways a profile has: where its session and its key come from, undefined where there is none. */
export interface BackendSources {
  web: Origin | undefined;
  api: Origin | undefined;
}

/** The ways that flags, the environment and the store open to these addresses. */
export function findBackends(
  {pB, apiKey}: GlobalOptions,
  {POE_P_B, POE_API_KEY}: Io['env'],
  kept: Profile,
  addresses: {site: string; api: string},
): BackendSources {
  const hasTokens = kept.tokens !== undefined && isSameDeployment(kept.site ?? defaultSiteUrl, addresses.site);
  const hasKey = kept.apiKey !== undefined && isSameDeployment(kept.apiSite ?? defaultApiUrl, addresses.api);
  const ways = {
    web: origin(pB !== undefined, POE_P_B, hasTokens),
    api: origin(apiKey !== undefined, POE_API_KEY, hasKey),
  };
  if (ways.web || ways.api) return ways;
  // What is for other addresses is no way, but it is to be said.
  return {web: origin(false, '', kept.tokens !== undefined), api: origin(false, '', kept.apiKey !== undefined)};
}

export const defaultSiteUrl = 'https://poe.com';
export const defaultApiUrl = 'https://api.poe.com';

/**
 * The way of what both can do: the one that was said closer to the command; the key where both were said as close, for it is
 * the way that Poe blesses.
 */
export function defaultBackend({web, api}: BackendSources): Backend {
  if (api === undefined) return 'web';
  return web === undefined || origins.indexOf(api) <= origins.indexOf(web) ? 'api' : 'web';
}

/** What the environment wishes for where there are both. @throws PoeError `usage` */
export function preferredBackend({POE_VIA: wish}: Io['env']): Backend | undefined {
  if (!wish) return undefined;
  if (wish === 'web' || wish === 'api') return wish;
  throw new PoeError('usage', `POE_VIA is ${JSON.stringify(wish)}`, {hint: 'It is web or api.'});
}

const words = {
  web: 'the session of a browser',
  api: 'an API key',
  flag: 'from the command line',
  environment: 'from the environment',
  store: 'from the store',
};

/** A way, for people. */
export const describeBackend = (way: Backend, ways: BackendSources): string => {
  const said = ways[way];
  return said === undefined ? words[way] : `${words[way]}, ${words[said]}`;
};

function origin(isFlag: boolean, environment: string | undefined, isKept: boolean): Origin | undefined {
  if (isFlag) return 'flag';
  if (environment) return 'environment';
  return isKept ? 'store' : undefined;
}
