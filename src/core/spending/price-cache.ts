import type {PointPrices} from './point-prices.js';

/** Prices that took a request, by the handle of their bot in any letter case. */
export interface PriceCache {
  /** Null if Poe has no prices of the bot; undefined if that is not known, or out of date. */
  prices(handle: string): PointPrices | null | undefined;
  setPrices(handle: string, prices: PointPrices | null): void;
}

/** Prices of this process. */
export function memoryPrices(): PriceCache {
  const all = new Map<string, PointPrices | null>();
  return {
    prices: (handle) => all.get(handle.toLowerCase()),
    setPrices: (handle, prices) => void all.set(handle.toLowerCase(), prices),
  };
}
