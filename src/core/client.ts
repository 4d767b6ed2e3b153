import type {Journal} from './journal.js';
import type {Log} from './log.js';
import type {Chat} from './model.js';
import type {Reply} from './reply.js';
import type {ChatRef} from './web/chats.js';
import type {SiteFacts} from './web/protocol/facts.js';
import type {RetryOptions, SendOptions} from './web/send/messages.js';
import type {SessionStore, WebTokens} from './web/session/session.js';

export type {RetryOptions};

export interface ClientSendOptions extends Omit<SendOptions, 'chat'> {
  /** The bot's handle, in any letter case. Default: the chat's bot, else the account's default bot. */
  bot?: string;
  /** The chat to go on with; without one a new chat is begun. */
  chat?: ChatRef | Chat;
}

/** What can be done with Poe by whichever way one is logged in. */
export interface Client {
  /**
   * Sends a message and comes back when Poe has accepted it. It is never sent twice. Aborting the signal cancels the reply.
   * @throws PoeError
   */
  send(text: string, options?: ClientSendOptions): Promise<Reply>;
  /** Hangs up, so that the process can end. */
  close(): void;
}

export interface ConnectOptions extends WebTokens {
  /** Default `https://poe.com`. `http:` only for this machine. */
  baseUrl?: string;
  /** Silence allowed from Poe, in milliseconds. Default two minutes. */
  timeoutMs?: number;
  /** Keeps what the session finds out (the form key) from one run to the next. */
  store?: SessionStore;
  /** What is known of the site, where that is to stand instead of what the session knows itself. */
  facts?: SiteFacts;
  /** Keeps what is on its way, so that a reply can be had after the program was killed. */
  journal?: Journal;
  /** Is told of every exchange with Poe. */
  log?: Log;
}

/**
 * A client of poe.com with a browser's session. Nothing is asked of Poe before the first call.
 * @throws PoeError `usage` when `baseUrl` is not an address the session may be sent to
 */
export async function connect({baseUrl, timeoutMs, store, facts, journal, log, ...tokens}: ConnectOptions) {
  const {WebClient} = await import('./web/client.js');
  return new WebClient({
    tokens,
    baseUrl: baseUrl ?? 'https://poe.com',
    timeoutMs: timeoutMs ?? 120_000,
    store,
    facts,
    journal,
    log: log ?? (() => {}),
  });
}
