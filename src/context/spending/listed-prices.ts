import type {Bots} from '../../core/client.js';
import {PoeError} from '../../core/errors.js';
import type {Id} from '../../core/names/id.js';
import type {PointPrices} from '../../core/spending/point-prices.js';
import type {PriceCache} from '../../core/spending/price-cache.js';

/** What a bot costs, as the chat shows it. */
interface ListedPrice {
  /** Points per message; null if unknown. */
  price: number | null;
  /** Points per 1,000 tokens, "10 in, 50 out"; null if unknown. */
  rates: string | null;
}

interface SeenBot {
  handle: string;
  displayMessagePointPrice: number | null;
  botId?: Id | null;
}

interface ListedPricesOptions {
  /** Prices that were read within a day. */
  cache: () => Promise<Pick<PriceCache, 'prices'>>;
  /** Time between requests. Default: 200. */
  minIntervalMs?: number | undefined;
}

/** The price lists of bots that poe.com shows without a price. Each list is read once, and not if its prices are in the cache. */
export class ListedPrices {
  readonly #bots: Pick<Bots, 'rateCard'>;
  readonly #cache: ListedPricesOptions['cache'];
  readonly #minIntervalMs: number;
  readonly #ids = new Map<string, Id>();
  readonly #prices = new Map<string, Promise<ListedPrice>>();
  /** When the next request may be made. */
  #nextAt = -Infinity;

  constructor(bots: Pick<Bots, 'rateCard'>, {cache, minIntervalMs = 200}: ListedPricesOptions) {
    this.#bots = bots;
    this.#cache = cache;
    this.#minIntervalMs = minIntervalMs;
  }

  /** Notes bots: a list is found by the ID of its bot. */
  see(...bots: readonly SeenBot[]): void {
    for (const {handle, displayMessagePointPrice, botId} of bots) {
      if (displayMessagePointPrice === null && botId != null) this.#ids.set(handle.toLowerCase(), botId);
    }
  }

  /** The price of a bot that was seen; null if it has no list. @throws PoeError */
  async of(handle: string, signal: AbortSignal): Promise<ListedPrice | null> {
    const key = handle.toLowerCase();
    const botId = this.#ids.get(key);
    if (botId === undefined) return null;
    const price = this.#prices.get(key) ?? this.#read(handle, botId, signal);
    this.#prices.set(key, price);
    try {
      return await price;
    } catch (error) {
      this.#prices.delete(key);
      throw error;
    }
  }

  async #read(handle: string, botId: Id, signal: AbortSignal): Promise<ListedPrice> {
    const known = (await this.#cache()).prices(handle);
    const prices = known === undefined ? await this.#request(handle, botId, signal) : known;
    if (!prices) return {price: null, rates: null};
    const {perMessage, input, output, perItem} = prices;
    const rates = [input !== null && `${input} in`, output !== null && `${output} out`].filter(Boolean).join(', ');
    // One image or video for each message is usual.
    return {price: perMessage ?? perItem, rates: rates || null};
  }

  async #request(handle: string, botId: Id, signal: AbortSignal): Promise<PointPrices | null> {
    const [{pause}, {pricesOnCard}] = await Promise.all([
      import('../../core/http/retry.js'),
      import('../../core/spending/rate-card.js'),
    ]);
    const now = performance.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + this.#minIntervalMs;
    await pause(at - now, signal);
    try {
      return pricesOnCard(await this.#bots.rateCard({botId, handle}, {signal, isRequired: true}));
    } catch (error) {
      // Poe has refused this bot only.
      if (error instanceof PoeError && error.code === 'refused') return null;
      throw error;
    }
  }
}
