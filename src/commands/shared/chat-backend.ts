import type {Context} from '../../context/context.js';
import {PoeError} from '../../core/errors.js';
import type {Chat} from '../../core/model.js';
import type {SendOptions} from '../../core/options.js';
import type {Reply} from '../../core/reply.js';
import type {Connection} from '../../core/connection.js';
import type {WebClient} from '../../core/web/client.js';
import {type KeyFlags, rejectApiOnlyOptions} from './api-options.js';

/** The way to Poe as a chat uses it: whichever the profile has, and for a chat that is there the one it goes by. */
interface Partner {
  send(text: string, to: Pick<SendOptions, 'bot' | 'files' | 'signal'> & {chat: Chat | undefined}): Promise<Reply>;
  retry(chat: Chat, signal: AbortSignal): Promise<Reply>;
  /** The bot by that name, or the one that is asked where none is named. */
  bot(name?: string): Promise<{handle: string; price: number | null}>;
  balance(): Promise<number | null>;
  /** Says from now on whether what happens on Poe is heard. */
  watchConnection(watcher: (connection: Connection) => void): void;
}

/** @param flags what each message is sent with @throws PoeError `not_logged_in` */
export async function chatBackend(context: Context, flags: KeyFlags): Promise<Partner> {
  const isByKey = (await context.via()) === 'api';
  if (!isByKey) rejectApiOnlyOptions(flags);
  const here = isByKey ? await byKey(context) : await bySession(context);
  const more = {parameters: flags.param, protocol: flags.protocol};
  return {
    ...here,
    send: (text, to) => begun(context, async () => (await here.client(to.chat)).send(text, {...to, ...more})),
    retry: (chat, signal) =>
      begun(context, async () => (await here.client(chat)).messages.retry(chat, {signal, ...more})),
    bot: (name) => orLogIn(context, () => here.bot(name)),
  };
}

/** A reply that has begun, in what is the last chat from now on, however it ends. */
async function begun(context: Context, begin: () => Promise<Reply>): Promise<Reply> {
  const reply = await orLogIn(context, begin);
  await context.remember(reply.chat.toJSON());
  return reply;
}

/** Should the session be no longer good, the tokens are read anew the next time: one may have logged in elsewhere meanwhile. */
async function orLogIn<T>(context: Context, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PoeError) || !isLoggedOut(error)) throw error;
    await context.forgetSession();
    if (context.givenTokens().pB !== undefined) throw error;
    throw new PoeError(error.code, error.message, {remedy: 'log_in', ...error.facts, cause: error});
  }
}

export const isLoggedOut = ({code}: PoeError): boolean =>
  code === 'bad_tokens' || code === 'bad_form_key' || code === 'not_logged_in';

type Way = Pick<Partner, 'bot' | 'balance' | 'watchConnection'> & {client: Context['clientOf']};

async function bySession(context: Context): Promise<Way> {
  const {signal} = context;
  const watched = new WeakSet<WebClient>();
  let watch: (connection: Connection) => void = () => {};
  const web = async () => {
    const client = await context.web();
    if (!watched.has(client)) client.watchConnection((connection) => watch(connection));
    watched.add(client);
    return client;
  };
  // It is opened while one types.
  await context.session();
  return {
    async client(chat) {
      await web();
      return context.clientOf(chat);
    },
    watchConnection: (watcher) => (watch = watcher),
    async bot(name) {
      const {account, bots} = await web();
      const bot = name === undefined ? await account.defaultBot({signal}) : await bots.info(name, {signal});
      return {handle: bot.handle, price: bot.displayMessagePointPrice};
    },
    balance: async () => (await (await web()).account.settings({signal})).messagePointInfo?.messagePointBalance ?? null,
  };
}

async function byKey(context: Context): Promise<Way> {
  const {signal, official} = context;
  const {account, bots} = await context.api();
  return {
    client: (chat) => context.clientOf(chat),
    // Each reply has a connection of its own.
    watchConnection() {},
    async bot(name) {
      const wanted = name ?? (await official.defaultBot()) ?? 'Assistant';
      // Not every bot that answers is listed, and none has a price by the message.
      return {handle: (await bots.find(wanted, {signal}))?.handle ?? wanted, price: null};
    },
    balance: async () => (await account.balance({signal})).points,
  };
}
