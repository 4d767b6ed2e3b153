import {Command} from 'commander';
import type {Context} from '../../context/context.js';
import {addExamples, type Example} from '../shared/examples.js';
import {PoeError} from '../../core/errors.js';
import type {WebTokens} from '../../core/web/session/session.js';
import {readStdin} from '../../context/stdin.js';
import {account, accountLine} from '../shared/account-view.js';
import {type KeyFlags, loginWithKey} from './login-key.js';
import {hidden} from '../shared/ask-user.js';
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
      const {via, cfClearance, cfBm, userAgent, ...key} = command.optsWithGlobals<LoginFlags>();
      if (key.apiKey !== undefined || via === 'api') return loginWithKey(key, context);
      const flags = {...(cfClearance && {cfClearance}), ...(cfBm && {cfBm}), ...(userAgent && {userAgent})};
      const asked = await collect({...context.givenTokens(), ...flags}, context);
      const {tokens, settings} = await check(asked, context);
      await context.keep(tokens, settings);
      context.output.result(account(context.profile, settings), accountLine);
    });

/** The tokens given by flags, environment or stdin; what is missing is asked for on a terminal. */
async function collect(given: Partial<WebTokens>, context: Context): Promise<WebTokens> {
  const {io, signal, output} = context;
  if (given.pB) return {...given, pB: given.pB, pLat: given.pLat ?? ''};
  if (!io.stdin.isTTY) {
    const text = await readStdin(io.stdin, {isNamed: false, isNeeded: true}, signal);
    if (text.trim() !== '') return {...given, ...readTokens(text)};
    throw new PoeError('usage', 'There are no cookies to log in with', {
      hint: 'Give POE_P_B and POE_P_LAT, or JSON on stdin: {"p-b": "…", "p-lat": "…"}',
    });
  }
  output.note(warning);
  for (const line of where.split('\n')) output.note(line);
  const pB = await hidden('p-b', context);
  const pLat = await hidden('p-lat', context);
  return {...given, pB, pLat};
}

/** Checks tokens against Poe. On a terminal, Cloudflare's wish for proof can be met at once. */
async function check(tokens: WebTokens, context: Context) {
  try {
    return {tokens, settings: await ask(tokens, context)};
  } catch (error) {
    const canAsk = context.io.stdin.isTTY && !tokens.cfClearance;
    if (!(error instanceof PoeError && error.code === 'cloudflare' && canAsk)) throw error;
    context.output.note(
      'Cloudflare wants proof of your browser: two more cookies, and its user agent (navigator.userAgent in the console).',
    );
    const cfClearance = await hidden('cf_clearance', context);
    const cfBm = await hidden('__cf_bm', context);
    const userAgent = await hidden('user agent', context);
    const more = {...tokens, cfClearance, cfBm, userAgent};
    return {tokens: more, settings: await ask(more, context)};
  }
}

async function ask(tokens: WebTokens, context: Context) {
  const client = await context.connect(tokens);
  return client.account.settings({signal: context.signal});
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
