import type {Settings} from './core/model.js';
import type {WebTokens} from './core/web/session.js';
import {isSameHome, notLoggedIn} from './home.js';
import type {Profile} from './store.js';
import {realSite} from './way.js';

/* The session of a browser as a profile keeps it. */

/** The tokens that are kept, if they are for this site. @throws PoeError `not_logged_in` */
export function keptTokens({tokens, site = realSite}: Profile, profile: string, baseUrl: string): WebTokens {
  if (!tokens) throw notLoggedIn(`there are no tokens for the profile ${profile}`);
  if (isSameHome(site, baseUrl)) return tokens;
  throw notLoggedIn(`the tokens of the profile ${profile} are for ${site}, not for ${baseUrl}`);
}

/** A profile with these tokens in place of those before; what is another account's is left out. */
export async function profileWith({formKey, ...tokens}: WebTokens, {uid, primaryEmail}: Settings, site: string) {
  const {givenFormKey} = await import('./core/web/memory.js');
  const given = formKey === undefined ? undefined : givenFormKey(formKey, site, tokens);
  return (before: Profile): Profile => ({
    apiKey: before.apiKey,
    apiSite: before.apiSite,
    apiBot: before.apiBot,
    tokens,
    site,
    uid,
    email: primaryEmail ?? undefined,
    lastChat: before.uid === uid ? before.lastChat : undefined,
    foundFormKey: given ?? before.foundFormKey,
  });
}
