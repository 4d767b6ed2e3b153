import {PoeError} from '../../errors.js';
import {pause} from '../../http/retry.js';
import type {Bot} from '../../model.js';
import type {BotListOptions, CallOptions, PriceProgress} from '../../options.js';
import {type PointPrices, pricePerMessage} from '../../spending/point-prices.js';
import type {PriceCache} from '../../spending/price-cache.js';
import {pricesOnCard} from '../../spending/rate-card.js';

/** More would burden Poe: each price takes a request. */
const defaultMaxLookUps = 100;
/** After so many failures in a row, the next request would fail, too. */
const maxFailures = 3;

export interface PriceSource {
  /** A bot's price list. @throws PoeError */
  card(bot: Bot, options: CallOptions): Promise<string | null>;
  cache(): Promise<PriceCache>;
}

/** The prices of the bots in a list. Those that Poe does not send with it are read from price lists, one after another. */
export class PriceLookUps {
  readonly #source: PriceSource;
  readonly #options: BotListOptions;
  readonly #progress: PriceProgress = {requested: 0, leftOut: 0, skipped: 0, isRateLimited: false};
  #failures = 0;
  #requestedAt = -Infinity;

  constructor(source: PriceSource, options: BotListOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** What a bot costs; null if that is unknown. @throws PoeError `interrupted` */
  async of(bot: Bot): Promise<PointPrices | null> {
    if (bot.displayMessagePointPrice !== null) return pricePerMessage(bot.displayMessagePointPrice);
    const cache = await this.#source.cache();
    const known = this.#options.isFresh ? undefined : cache.prices(bot.handle);
    if (known !== undefined) return known;
    const {requested, isRateLimited} = this.#progress;
    const {maxLookUps = defaultMaxLookUps} = this.#options;
    if (!isRateLimited && this.#failures < maxFailures && requested < maxLookUps) return this.#lookUp(bot, cache);
    this.#report({skipped: this.#progress.skipped + 1});
    return null;
  }

  /** Counts a bot that is left out because its price is unknown. */
  leaveOut(): void {
    this.#report({leftOut: this.#progress.leftOut + 1});
  }

  async #lookUp(bot: Bot, cache: PriceCache): Promise<PointPrices | null> {
    const {minIntervalMs = 200, signal} = this.#options;
    this.#report({requested: this.#progress.requested + 1});
    await pause(Math.max(0, this.#requestedAt + minIntervalMs - performance.now()), signal);
    this.#requestedAt = performance.now();
    try {
      const prices = pricesOnCard(await this.#source.card(bot, this.#options));
      this.#failures = 0;
      cache.setPrices(bot.handle, prices);
      return prices;
    } catch (error) {
      if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
      // Poe has refused this bot only.
      this.#failures += error.code === 'refused' ? 0 : 1;
      if (error.code === 'rate_limited') this.#report({isRateLimited: true});
      return null;
    }
  }

  #report(change: Partial<PriceProgress>): void {
    Object.assign(this.#progress, change);
    this.#options.onPrices?.({...this.#progress});
  }
}
