import {Command, Option} from 'commander';
import type {Context} from '../../context/context.js';
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
  new Command('login')
    .summary("log in with the cookies of your browser's session, or with an API key")
    .description(
      `Log in to poe.com with the cookies of your browser's session. They are checked before they are kept.\n\n${warning}\n\n${where}\n\nWith --api-key: with a key of Poe's official API, which is given, read from stdin or asked for; with a client id of https://poe.com/api/clients in POE_CLIENT_ID, Poe makes one while you look on in the browser. A profile may have both.`,
    )
    .addOption(new Option('--cf-clearance <cookie>', 'the cookie cf_clearance (POE_CF_CLEARANCE)'))
    .addOption(new Option('--cf-bm <cookie>', 'the cookie __cf_bm (POE_CF_BM)'))
    .addOption(
      new Option('--user-agent <text>', "your browser's user agent, which cf_clearance is bound to (POE_USER_AGENT)"),
    )
    .option('--no-browser', 'with --api-key and a client id: open no browser, only show the address')
    .addHelpText('after', examples)
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
  "A browser's session is not an official interface of Poe: Poe may change it any day, and may restrict or close accounts that are " +
  'used in ways its terms do not allow. The way Poe blesses is an API key from https://poe.com/api/keys.';

const where = `Where the cookies are, once you are logged in at https://poe.com:
  Chrome, Edge, Brave   F12 → Application → Cookies → https://poe.com
  Firefox               F12 → Storage → Cookies → https://poe.com
  Safari                Develop → Show Web Inspector → Storage → Cookies
Copy the values of p-b and p-lat.`;

const examples = `
The form key is found by itself. To give it by hand: F12 → Network → a request named gql_POST → Headers → Poe-Formkey.

Examples:
  poe login                                     asks for the cookies, unseen
  POE_P_B=… POE_P_LAT=… poe login               from the environment, which comes before stdin
  echo '{"p-b": "…", "p-lat": "…"}' | poe login  from JSON; also cf_clearance, __cf_bm, userAgent, formkey
  poe login --api-key                           asks for a key of Poe's API, unseen
  poe login --api-key < key.txt                 reads it from a file
  POE_CLIENT_ID=client_… poe login --api-key    signs in with Poe in the browser
  poe login --profile work                      a second account
`;
