import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {IssuedKey} from '../../core/api/sign-in/sign-in.js';
import {firstLine, readStdin} from '../../context/stdin.js';
import {accountLine} from '../shared/view/account-view.js';
import {askSecret} from '../shared/ask-user.js';
import {openExternally} from '../shared/open-externally.js';

export interface KeyFlags {
  apiKey?: string | true;
  /** False for `--no-browser`. */
  browser?: boolean;
}

/**
 * Logs in with an API key from the option or the environment; otherwise by signing in with Poe if a client ID is
 * configured, or with a key from stdin. The key is checked before it is saved.
 */
export async function loginWithKey(flags: KeyFlags, context: Context): Promise<void> {
  const {apiProfile, signal, output, profile} = context;
  const requested = typeof flags.apiKey === 'string' ? flags.apiKey : context.io.env.POE_API_KEY;
  const key = requested ? permanent(requested) : await obtainKey(flags, context);
  const client = await apiProfile.connect(key.apiKey);
  const identity = await client.account.identity({signal});
  await apiProfile.save(key);
  if (key.expires !== null) output.note(`Poe created a key that expires at ${key.expires}.`);
  output.summary({profile, ...identity}, accountLine);
}

const permanent = (apiKey: string): IssuedKey => ({apiKey: apiKey.trim(), expires: null});

async function obtainKey(flags: KeyFlags, context: Context): Promise<IssuedKey & {clientId?: string}> {
  const clientId = await context.apiProfile.clientId();
  if (clientId === undefined) return permanent(await readKey(context));
  return {...(await signIn(clientId, flags, context)), clientId};
}

/** Asks for a key on a terminal, or else reads it from stdin. */
async function readKey(context: Context): Promise<string> {
  const {io, signal, output} = context;
  if (io.stdin.isTTY) {
    output.note('Create a key at https://poe.com/api/keys.');
    return askSecret('API key', context);
  }
  const text = await readStdin(io, {
    isNeeded: true,
    signal,
    onWaiting: () => output.note('Waiting for the API key on stdin.'),
  });
  if (text.trim() !== '') return text;
  throw new PoeError('usage', 'No API key to log in with', {
    hint: 'Pass it with --api-key, POE_API_KEY or stdin. Create a key at https://poe.com/api/keys.',
  });
}

/** Signs in with Poe in the browser. A key on stdin is accepted instead. */
async function signIn(clientId: string, {browser = true}: KeyFlags, context: Context): Promise<IssuedKey> {
  const {io, signal, output, apiProfile} = context;
  const stop = new AbortController();
  let pipedKey: string | undefined;
  const show = async (url: string, done: AbortSignal) => {
    output.askToOpen('Allow poe to use your account in your browser:', url);
    if (browser && io.stdin.isTTY && !(await openExternally(url, io.env))) output.note('Could not open a browser.');
    if (io.stdin.isTTY) return askSecret('URL the browser was sent to (only if poe does not continue)', context, done);
    const line = await firstLine(io.stdin, done);
    if (line === '') return undefined;
    if (/^https?:/.test(line)) return line;
    pipedKey = line;
    stop.abort();
    return undefined;
  };
  try {
    return await apiProfile.signIn({clientId, show, signal: AbortSignal.any([signal, stop.signal])});
  } catch (error) {
    if (pipedKey !== undefined && !signal.aborted) return permanent(pipedKey);
    throw error;
  }
}
