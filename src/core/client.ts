import type {SendOptions} from './options.js';
import type {Reply} from './reply.js';

/** Everything that can be done with Poe, with a browser session or an API key. Every method throws PoeError. */
export interface Client {
  /**
   * Sends a message; resolves when Poe has accepted it. It is never sent twice. Aborting the signal cancels the reply.
   * @throws PoeError
   */
  send(text: string, options?: SendOptions): Promise<Reply>;
  /** Closes all connections, so that the process can exit. Replies still arriving end with `reply_lost`. */
  close(): void;
}
