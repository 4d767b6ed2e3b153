import type {Bots} from '../../core/client.js';
import type {Id} from '../../core/names/id.js';

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

/** The price lists of bots that poe.com shows without a price. Each list is read once. */
export class ListedPrices {
  readonly #bots: Pick<Bots, 'rateCard'>;
  readonly #ids = new Map<string, Id>();
  readonly #prices = new Map<string, Promise<ListedPrice>>();

  constructor(bots: Pick<Bots, 'rateCard'>) {
    this.#bots = bots;
  }

  /** Notes bots: a list is found by the ID of its bot. */
  see(...bots: readonly SeenBot[]): void {
    for (const {handle, displayMessagePointPrice, botId} of bots) {
      if (displayMessagePointPrice === null && botId != null) this.#ids.set(handle.toLowerCase(), botId);
    }
  }

  /** The price of a bot that was seen; null if it has no list. @throws PoeError */
  async of(handle: string, signal: AbortSignal): Promise<ListedPrice | null> {
    const botId = this.#ids.get(handle.toLowerCase());
    if (botId === undefined) return null;
    const price = this.#prices.get(handle) ?? this.#read(handle, botId, signal);
    this.#prices.set(handle, price);
    try {
      return await price;
    } catch (error) {
      this.#prices.delete(handle);
      throw error;
    }
  }

  async #read(handle: string, botId: Id, signal: AbortSignal): Promise<ListedPrice> {
    const {pricesOnCard} = await import('../../core/spending/rate-card.js');
    const prices = pricesOnCard(await this.#bots.rateCard({botId, handle}, {signal}));
    if (!prices) return {price: null, rates: null};
    const {perMessage, input, output, perItem} = prices;
    const rates = [input !== null && `${input} in`, output !== null && `${output} out`].filter(Boolean).join(', ');
    // One image or video for each message is usual.
    return {price: perMessage ?? perItem, rates: rates || null};
  }
}
