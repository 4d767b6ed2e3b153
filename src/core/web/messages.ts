import {interruption, PoeError} from '../errors.js';
import type {Bot, Chat} from '../model.js';
import {Reply} from '../reply.js';
import type {Bots} from './bots.js';
import type {Channel} from './channel.js';
import type {Chats} from './chats.js';
import {Follower} from './follower.js';
import {post} from './post.js';
import {SentMessage} from './sent.js';
import type {CallOptions, Wire} from './wire.js';

/** How long calling a bot off may take when the caller is leaving already. */
const callingOffMs = 5_000;

export interface SendOptions extends CallOptions {
  /** The chat to go on with; without one a new chat is begun. */
  chat?: Chat;
  /** Wait for the title of a new chat, up to a second after the reply. */
  awaitTitle?: boolean;
}

/** Sends messages, and stops the bots that answer them. */
export class Messages {
  readonly #wire: Wire;
  readonly #channel: (signal?: AbortSignal) => Promise<Channel>;
  readonly #bots: Bots;
  readonly #chats: Chats;

  constructor(wire: Wire, channel: (signal?: AbortSignal) => Promise<Channel>, bots: Bots, chats: Chats) {
    this.#wire = wire;
    this.#channel = channel;
    this.#bots = bots;
    this.#chats = chats;
  }

  /**
   * Sends a message and comes back when Poe has accepted it. It leaves only when the live channel is open, so that its
   * reply cannot be missed, and it is never sent twice. Aborting the signal, now or while the reply comes in, cancels the
   * reply on Poe.
   * @param to the bot, or its handle in any letter case
   * @throws PoeError
   */
  async send(text: string, to: string | Bot, options: SendOptions = {}): Promise<Reply> {
    const {signal} = options;
    if (text.trim() === '') throw new PoeError('usage', 'The message is empty', {hint: 'Write something to send.'});
    const known = typeof to === 'string' ? this.#bots.info(to, {signal}) : to;
    const [bot, channel] = await Promise.all([known, this.#channel(signal)]);
    const follower = new Follower();
    const stopListening = channel.listen(follower);
    try {
      const accepted = await post(this.#wire, follower, {text, bot, chat: options.chat}, signal);
      if (signal?.aborted) {
        await this.callOff(accepted.chat.chatId);
        throw interruption(signal);
      }
      const sent = new SentMessage(this, this.#chats, accepted, follower, {
        bot: bot.handle,
        awaitTitle: options.awaitTitle ?? false,
        timeoutMs: this.#wire.session.http.timeoutMs,
        signal,
        stopListening,
      });
      return new Reply(sent);
    } catch (error) {
      stopListening();
      throw error;
    }
  }

  /** Stops what bots are writing in a chat. @throws PoeError */
  async cancel(chatId: number, options?: CallOptions): Promise<void> {
    const {cancelViewerActiveJobs} = await this.#wire.call('cancelJobs', {chatId}, options);
    if (cancelViewerActiveJobs === null)
      throw new PoeError('refused', 'Poe did not cancel the reply', {hint: 'Try again.'});
  }

  /** As `cancel`, for a caller who is leaving: does not fail and does not take long. */
  async callOff(chatId: number): Promise<void> {
    const {log} = this.#wire.session.http;
    await this.cancel(chatId, {signal: AbortSignal.timeout(callingOffMs)}).catch(() =>
      log({what: 'cancel', status: 'failed'}),
    );
  }
}
