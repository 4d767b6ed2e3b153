import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {IssuedKey} from '../../core/api/sign-in/sign-in.js';
import {firstLine, readStdin} from '../../context/stdin.js';
import {accountLine, keyAccount} from '../shared/account-view.js';
import {hidden} from '../shared/ask-user.js';

export interface KeyFlags {
  apiKey?: string | true;
  /** False for `--no-browser`. */
  browser?: boolean;
}

/**
 * Logs in with a key: the one after the flag, else in the environment, else what signing in with Poe gives where a client id is
 * configured, else from stdin. It is checked before it is kept.
 */
export async function loginWithKey(flags: KeyFlags, context: Context): Promise<void> {
  const {official, signal} = context;
  const given = typeof flags.apiKey === 'string' ? flags.apiKey : context.io.env.POE_API_KEY;
  const key = given ? plain(given) : await foundKey(flags, context);
  const client = await official.connect(key.apiKey);
  const balance = await client.account.balance({signal});
  await official.keep(key);
  if (key.expires !== null) context.output.note(`Poe made a key that is good until ${key.expires}.`);
  context.output.result(keyAccount(context.profile, balance), accountLine);
}

const plain = (apiKey: string): IssuedKey & {clientId?: string} => ({apiKey: apiKey.trim(), expires: null});

async function foundKey(flags: KeyFlags, context: Context): Promise<IssuedKey & {clientId?: string}> {
  const clientId = await context.official.clientId();
  if (clientId === undefined) return plain(await askedKey(context));
  return {...(await signedIn(clientId, flags, context)), clientId};
}

async function askedKey(context: Context): Promise<string> {
  const {io, signal, output} = context;
  if (io.stdin.isTTY) {
    output.note('Make a key at https://poe.com/api/keys.');
    return hidden('API key', context);
  }
  const text = await readStdin(io.stdin, {isNamed: false, isNeeded: true}, signal);
  if (text.trim() !== '') return text;
  throw new PoeError('usage', 'There is no API key to log in with', {
    hint: 'Give it after --api-key, in POE_API_KEY or on stdin. Keys are made at https://poe.com/api/keys.',
  });
}

/** Has the user let poe in with the browser. A key that comes on stdin instead is as good. */
async function signedIn(clientId: string, {browser = true}: KeyFlags, context: Context): Promise<IssuedKey> {
  const {io, signal, output, official} = context;
  const stop = new AbortController();
  let typed: string | undefined;
  const show = async (url: string, over: AbortSignal) => {
    output.askToOpen('Let poe in, in your browser:', url);
    if (browser && io.stdin.isTTY && !(await official.openBrowser(url))) output.note('No browser could be opened.');
    if (io.stdin.isTTY) return hidden('address that the browser was sent to, if it does not come back', context, over);
    const line = await firstLine(io.stdin, over);
    if (line === '') return undefined;
    if (/^https?:/.test(line)) return line;
    typed = line;
    stop.abort();
    return undefined;
  };
  try {
    return await official.signIn({clientId, show, signal: AbortSignal.any([signal, stop.signal])});
  } catch (error) {
    if (typed !== undefined && !signal.aborted) return plain(typed);
    throw error;
  }
}
