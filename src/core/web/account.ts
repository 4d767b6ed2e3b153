import type {Bot, Settings} from '../model.js';
import type {Bots} from './bots.js';
import {badTokens} from './envelope.js';
import type {CallOptions, Wire} from './wire.js';
import {PoeError} from '../errors.js';

/** The account whose session this is. */
export class Account {
  readonly #wire: Wire;
  readonly #bots: Bots;

  constructor(wire: Wire, bots: Bots) {
    this.#wire = wire;
    this.#bots = bots;
  }

  /** @throws PoeError `bad_tokens` when the session belongs to nobody */
  async settings(options?: CallOptions): Promise<Settings> {
    const {viewer} = await this.#wire.call('settings', {}, options);
    if (!viewer) throw badTokens();
    return viewer;
  }

  /** The bot that answers when none is named. @throws PoeError `bot_not_found` */
  async defaultBot(options?: CallOptions): Promise<Bot> {
    const {defaultBot} = await this.settings(options);
    if (!defaultBot)
      throw new PoeError('bot_not_found', 'The account has no default bot', {hint: 'Name a bot with -b.'});
    return this.#bots.withId(defaultBot.botId, defaultBot.displayName, options);
  }
}
