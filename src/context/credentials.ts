import type {GlobalOptions} from '../commands/shared/global-options.js';
import type {Io} from './io.js';
import type {Tokens} from '../store/profiles.js';

/** What flags, else the environment, say of the session. */
export function tokensFromOptions({pB, pLat, ...flags}: GlobalOptions, env: Io['env']): Partial<Tokens> {
  const {POE_P_B, POE_P_LAT} = env;
  return {pB: pB ?? (POE_P_B || undefined), pLat: pLat ?? (POE_P_LAT || undefined), ...extrasFromOptions(flags, env)};
}

/** What they say besides the cookies that make a session; only what they do say. */
export function extrasFromOptions({formkey}: GlobalOptions, env: Io['env']): Partial<Tokens> {
  const extras = {
    formKey: formkey ?? (env.POE_FORMKEY || env.POE_FROMKEY),
    cfClearance: env.POE_CF_CLEARANCE,
    cfBm: env.POE_CF_BM,
    userAgent: env.POE_USER_AGENT,
  };
  return Object.fromEntries(Object.entries(extras).filter(([, value]) => value));
}

/** What to say where secrets are given by flags; undefined where none are. */
export function exposedSecretsNote(flags: GlobalOptions & {cfClearance?: string; cfBm?: string}): string | undefined {
  const {pB, pLat, formkey, apiKey, cfClearance, cfBm} = flags;
  const key = apiKey === true ? undefined : apiKey;
  const session = {'--p-b': pB, '--p-lat': pLat, '--formkey': formkey};
  const given = {...session, '--cf-clearance': cfClearance, '--cf-bm': cfBm, '--api-key': key};
  const names = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : name));
  if (names.length === 0) return undefined;
  return `Other users of this machine can see what ${names.join(', ')} on the command line was given. Better: poe login.`;
}
