import type {Context} from '../context.js';
import type {ClientSendOptions} from '../core/client.js';
import type {Chat} from '../core/model.js';
import type {Reply} from '../core/reply.js';

/** The way to Poe as a chat uses it: whichever the profile has, and for a chat that is there the one it goes by. */
interface Partner {
  send(
    text: string,
    to: Pick<ClientSendOptions, 'bot' | 'files' | 'signal'> & {chat: Chat | undefined},
  ): Promise<Reply>;
  retry(chat: Chat, signal: AbortSignal): Promise<Reply>;
  /** The bot by that name, or the one that is asked where none is named. */
  bot(name?: string): Promise<{handle: string; price: number | null}>;
  balance(): Promise<number | null>;
}

/** @throws PoeError `not_logged_in` */
export async function partnerOf(context: Context): Promise<Partner> {
  const here = (await context.via()) === 'api' ? await byKey(context) : await bySession(context);
  return {
    ...here,
    send: async (text, to) => (await context.clientOf(to.chat)).send(text, to),
    retry: async (chat, signal) => (await context.clientOf(chat)).messages.retry(chat, {signal}),
  };
}

async function bySession(context: Context): Promise<Pick<Partner, 'bot' | 'balance'>> {
  const {signal} = context;
  const {account, bots} = await context.web();
  return {
    async bot(name) {
      const bot = name === undefined ? await account.defaultBot({signal}) : await bots.info(name, {signal});
      return {handle: bot.handle, price: bot.displayMessagePointPrice};
    },
    balance: async () => (await account.settings({signal})).messagePointInfo?.messagePointBalance ?? null,
  };
}

async function byKey(context: Context): Promise<Pick<Partner, 'bot' | 'balance'>> {
  const {signal, official} = context;
  const {account, bots, messages} = await context.api();
  return {
    async bot(name) {
      const wanted = name ?? (await official.defaultBot()) ?? messages.defaultBot;
      // Not every bot that answers is listed, and none has a price by the message.
      return {handle: (await bots.find(wanted, {signal}))?.handle ?? wanted, price: null};
    },
    balance: async () => (await account.balance({signal})).points,
  };
}
