import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/options/examples.js';
import type {Identity} from '../../core/account.js';
import {PoeError} from '../../core/errors.js';
import type {WebTokens} from '../../core/web/session/session.js';
import {readStdin} from '../../context/stdin.js';
import {accountLine} from '../shared/view/account-view.js';
import {type KeyFlags, loginWithKey} from './login-key.js';
import {askSecret} from '../shared/ask-user.js';
import {readTokens} from '../shared/read-tokens.js';

interface LoginFlags extends KeyFlags {
  via?: 'web' | 'api';
  cfClearance?: string;
  cfBm?: string;
  userAgent?: string;
}

export const login = (context: Context) =>
  addExamples(new Command('login'), examples)
    .summary('Log in with an API key or a browser session')
    .description(
      `Log in with an API key or with the cookies of a browser session. API keys from https://poe.com/api/keys are officially supported; a browser session is not an official interface, and Poe may restrict accounts that use it.\n\nTo find the cookies p-b and p-lat, open the developer tools on https://poe.com: Application > Cookies (Chrome) or Storage > Cookies (Firefox, Safari).`,
    )
    .option('--cf-clearance <cookie>', 'Cloudflare cookie cf_clearance')
    .option('--cf-bm <cookie>', 'Cloudflare cookie __cf_bm')
    .option('--user-agent <text>', 'User agent the Cloudflare cookies belong to')
    .option('--no-browser', 'Print the sign-in URL, do not open a browser')
    .action(async (_flags: object, command: Command) => {
      context.requireSaving();
      const {via, cfClearance, cfBm, userAgent, ...key} = command.optsWithGlobals<LoginFlags>();
      if (key.apiKey !== undefined || via === 'api') return loginWithKey(key, context);
      const flags = {...(cfClearance && {cfClearance}), ...(cfBm && {cfBm}), ...(userAgent && {userAgent})};
      const collected = await collectTokens({...context.webProfile.requestedTokens(), ...flags}, context);
      const {tokens, identity} = await check(collected, context);
      await context.saveSession(tokens, identity);
      context.output.summary({profile: context.profile, ...identity}, accountLine);
    });

/** The tokens from options or the environment, or else from stdin. On a terminal, asks for them. */
async function collectTokens(requested: Partial<WebTokens>, context: Context): Promise<WebTokens> {
  const {io, signal, output} = context;
  if (requested.pB) return {...requested, pB: requested.pB, pLat: requested.pLat ?? ''};
  if (!io.stdin.isTTY) {
    const text = await readStdin(io, {
      isNeeded: true,
      signal,
      onWaiting: () => output.note('Waiting for the cookies on stdin.'),
    });
    if (text.trim() !== '') return {...requested, ...readTokens(text)};
    throw new PoeError('usage', 'No cookies to log in with', {
      hint: 'Set POE_P_B and POE_P_LAT, or pipe in JSON: {"p-b": "…", "p-lat": "…"}',
    });
  }
  output.note(warning);
  for (const line of where.split('\n')) output.note(line);
  const pB = await askSecret('p-b', context);
  const pLat = await askSecret('p-lat', context);
  return {...requested, pB, pLat};
}

/** Checks tokens with Poe. On a terminal, asks for Cloudflare's cookies if they are required. */
async function check(tokens: WebTokens, context: Context): Promise<{tokens: WebTokens; identity: Identity}> {
  try {
    return {tokens, identity: await identify(tokens, context)};
  } catch (error) {
    const canAsk = context.io.stdin.isTTY && !tokens.cfClearance;
    if (!(error instanceof PoeError && error.code === 'cloudflare' && canAsk)) throw error;
    context.output.note(
      "Cloudflare requires two more cookies, and your browser's user agent (navigator.userAgent in the console).",
    );
    const cfClearance = await askSecret('cf_clearance', context);
    const cfBm = await askSecret('__cf_bm', context);
    const userAgent = await askSecret('user agent', context);
    const more = {...tokens, cfClearance, cfBm, userAgent};
    return {tokens: more, identity: await identify(more, context)};
  }
}

async function identify(tokens: WebTokens, context: Context): Promise<Identity> {
  const client = await context.webProfile.connect(tokens);
  return client.account.identity({signal: context.signal});
}

const warning =
  'A browser session is not an official interface: Poe may change it at any time and may restrict accounts that break its terms.';

const where = `Find the cookies p-b and p-lat of https://poe.com after logging in there:
  Chrome, Edge, Brave   F12 > Application > Cookies > https://poe.com
  Firefox               F12 > Storage > Cookies > https://poe.com
  Safari                Develop > Show Web Inspector > Storage > Cookies`;

const examples: readonly Example[] = [
  ['poe login --api-key', 'Prompt for an API key'],
  ['poe login --api-key < key.txt', 'Read it from a file'],
  ['poe login', 'Prompt for the cookies'],
  ['poe login --profile work', 'Save a second account'],
];
