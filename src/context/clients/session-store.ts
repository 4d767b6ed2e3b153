import process from 'node:process';
import {PoeError} from '../../core/errors.js';
import type {SessionStore} from '../../core/web/session/session.js';
import type {Profile} from '../../store/profiles.js';
import {searchAlone} from '../../store/search-lock.js';
import type {Invocation} from '../invocation.js';

/** Stores facts about the site in the profile. After a failure nothing is written any more. */
export async function sessionStore(invocation: Invocation, siteUrl: string): Promise<SessionStore> {
  const {profile, exchange} = invocation;
  const store = await invocation.store();
  const origin = URL.canParse(siteUrl) ? new URL(siteUrl).origin : siteUrl;
  let hasFailed = false;
  const save = async (facts: Pick<Profile, 'foundFormKey' | 'foundFacts'>) => {
    if (hasFailed) return;
    try {
      await store.update(profile, (before) => ({...before, ...facts}));
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
      hasFailed = true;
      exchange.log({what: 'store', status: error.message});
    }
  };
  return {
    foundFormKey: async () => {
      const {foundFormKey} = await invocation.savedProfile();
      if (foundFormKey?.baseUrl !== origin) await limitWasmTiers();
      return foundFormKey;
    },
    saveFormKey: (foundFormKey) => save({foundFormKey}),
    foundFacts: async () => (await invocation.savedProfile()).foundFacts,
    saveFacts: (foundFacts) => save({foundFacts}),
    searchAlone: (search, options) => {
      const {folder, options: global} = invocation;
      return global.sandbox ? search() : searchAlone(folder, search, options);
    },
  };
}

/**
 * Keeps V8 from compiling the engine for the site's scripts, a WASM module, a second time with optimizations, which saves
 * 50 ms of CPU. Call it only before those scripts run: V8 then takes 13 ms longer to load everything else. V8 warns about
 * flags that it does not know, so versions of Node that may lack this one are left out.
 */
async function limitWasmTiers(): Promise<void> {
  if (Number(process.versions.node.split('.')[0]) > 24) return;
  const {setFlagsFromString} = await import('node:v8');
  setFlagsFromString('--liftoff-only');
}
