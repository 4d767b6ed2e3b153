import type {Settings} from '../core/model.js';
import {PoeError} from '../core/errors.js';
import type {Log} from '../core/log.js';
import type {SessionStore, WebTokens} from '../core/web/session/session.js';
import {isSameDeployment, notLoggedIn} from './deployment.js';
import type {Profile, ProfileStore} from '../store/profiles.js';
import {defaultSiteUrl} from './backend.js';

/* The session of a browser as a profile keeps it. */

/** The tokens that are kept, if they are for this site. @throws PoeError `not_logged_in` */
export function savedTokens({tokens, site = defaultSiteUrl}: Profile, profile: string, baseUrl: string): WebTokens {
  if (!tokens) throw notLoggedIn(`there are no tokens for the profile ${profile}`);
  if (isSameDeployment(site, baseUrl)) return tokens;
  throw notLoggedIn(`the tokens of the profile ${profile} are for ${site}, not for ${baseUrl}`);
}

/** A profile with these tokens in place of those before. */
export async function updateProfile({formKey, ...tokens}: WebTokens, {uid, primaryEmail}: Settings, site: string) {
  const {givenFormKey} = await import('../core/web/session/fact-cache.js');
  const given = formKey === undefined ? undefined : givenFormKey(formKey, site, tokens);
  return (before: Profile): Profile => ({
    apiKey: before.apiKey,
    apiSite: before.apiSite,
    apiKeyExpires: before.apiKeyExpires,
    clientId: before.clientId,
    apiBot: before.apiBot,
    tokens,
    site,
    uid,
    email: primaryEmail ?? undefined,
    foundFormKey: given ?? before.foundFormKey,
  });
}

/** What was found of the site, kept with a profile. A store that cannot be written is no failure, and is not waited for again. */
export function sessionStore(
  store: ProfileStore,
  profile: string,
  {site, log}: {site: string; log: Log},
): SessionStore {
  const origin = URL.canParse(site) ? new URL(site).origin : site;
  let isStuck = false;
  const keep = async (found: Pick<Profile, 'foundFormKey' | 'foundFacts'>) => {
    if (isStuck) return;
    try {
      await store.update(profile, (before) => ({...before, ...found}));
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
      isStuck = true;
      log({what: 'store', status: error.message});
    }
  };
  return {
    async foundFormKey() {
      const {foundFormKey} = await store.read(profile);
      // Then scripts of the site are run to find one.
      if (foundFormKey?.baseUrl !== origin) (await import('./v8-flags.js')).limitWasmTiers();
      return foundFormKey;
    },
    saveFormKey: (foundFormKey) => keep({foundFormKey}),
    foundFacts: async () => (await store.read(profile)).foundFacts,
    saveFacts: (foundFacts) => keep({foundFacts}),
  };
}
