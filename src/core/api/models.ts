import {handleOf} from '../names/bot-name.js';
import * as v from 'valibot';
import type {Balance} from '../account.js';
import type {Bots, PriceOptions, Recipient} from '../client.js';
import {PoeError} from '../errors.js';
import {SingleFlight} from '../http/single-flight.js';
import {readable} from '../input/lenient.js';
import type {ModelBot} from '../model-bot.js';
import type {BotListOptions, CallOptions} from '../options.js';
import {filterBots} from './filter-bots.js';
import {closestNames, didYouMean} from '../names/suggest.js';
import {failingList, webOnly} from '../unsupported.js';
import type {Api} from './http/api.js';
import {pointsPerDollar} from '../spending/point-rate.js';
import type {Price} from '../spending/price.js';
import {estimatePrice} from './ask/estimate-price.js';
import {modelSchema} from './model-schema.js';

/** Caches the list of bots between runs. */
export interface ModelCache {
  /** Undefined if the cache is empty or out of date. */
  read(): Promise<unknown>;
  /** The entries with an ID, in lower case, without reading all others. Undefined as for `read`. */
  find?(id: string): Promise<readonly unknown[] | undefined>;
  write(models: unknown): Promise<void>;
  /** How many points a dollar is worth, as it was stored last. */
  readRate?(): Promise<number | undefined>;
  writeRate?(pointsPerDollar: number): Promise<void>;
}

type ModelListOptions = Pick<BotListOptions, 'isFresh' | 'signal'>;

/** A rate that differs by less is the same, rounded otherwise. */
const minRateChange = 0.005;
const entrySchema = v.object({id: v.string()});
const listSchema = v.object({data: v.array(v.unknown())});

/** The bots that Poe's API lists: official and hosted ones, but not those of users. */
export class Models implements Bots {
  readonly #api: Api;
  readonly #cache: ModelCache | undefined;
  /** The entries as Poe sends them. Parsing all of them takes a while, and most calls need only one. */
  #entries: readonly unknown[] | undefined;
  /** The bots that were looked up, by ID in lower case: a batch looks up the same one for each prompt. */
  readonly #found = new Map<string, ModelBot>();
  readonly #loading = new SingleFlight<readonly unknown[]>();
  /** How many points a dollar is worth, by the balance; null if that is not known. */
  #rate: number | null | undefined;

  constructor(api: Api, cache?: ModelCache) {
    this.#api = api;
    this.#cache = cache;
  }

  /** All bots. @throws PoeError */
  async all(options?: ModelListOptions): Promise<ModelBot[]> {
    return this.#parse(await this.#list(options));
  }

  /** Derives from a balance how many points a dollar is worth. */
  async noteBalance(balance: Pick<Balance, 'points' | 'usd'>): Promise<void> {
    const [before, rate] = [await this.#pointsPerDollar(), pointsPerDollar(balance)];
    if (rate === null || (before !== null && Math.abs(rate / before - 1) < minRateChange)) return;
    this.#rate = rate;
    this.#found.clear();
    await this.#cache?.writeRate?.(rate);
  }

  async #pointsPerDollar(): Promise<number | null> {
    if (this.#rate === undefined) this.#rate = (await this.#cache?.readRate?.()) ?? null;
    return this.#rate;
  }

  async #parse(entries: readonly unknown[]): Promise<ModelBot[]> {
    const bots = readable(modelSchema, entries);
    const rate = await this.#pointsPerDollar();
    if (rate === null) return bots;
    return bots.map((bot) =>
      Object.assign(bot, {pricesUsd: bot.pricesUsd && {...bot.pricesUsd, pointsPerDollar: rate}}),
    );
  }

  /** The bots that match a filter and whose name, maker or description contains every word of the query. */
  async *search(
    query: string,
    {limit = Number.POSITIVE_INFINITY, signal, filter, isFresh}: BotListOptions = {},
  ): AsyncGenerator<ModelBot, void, undefined> {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = (await this.all({signal, isFresh})).filter((bot) => {
      const fields = [bot.handle, bot.displayName, bot.poweredBy, bot.description, ...bot.takes, ...bot.gives];
      const text = fields.join(' ').toLowerCase();
      return words.every((word) => text.includes(word));
    });
    yield* filterBots(matches, filter).slice(0, limit);
  }

  /** All bots that match a filter. */
  explore(category?: string, options?: BotListOptions): AsyncGenerator<ModelBot, void, undefined> {
    return category === undefined ? this.search('', options) : failingList(webOnly.categories());
  }

  async price(handle: string, {text, maxTokens, ...options}: CallOptions & PriceOptions): Promise<Price> {
    const parameters = maxTokens === undefined ? {} : {max_tokens: maxTokens};
    return estimatePrice(await this.find(handle, options), {texts: [text], parameters});
  }

  async rateCard(): Promise<null> {
    return null;
  }

  async categories(): Promise<string[]> {
    throw webOnly.categories();
  }

  /** The bot with Poe's spelling of its handle. Bots of Poe's users can be asked though they are not listed. */
  async resolve(name: string, options?: CallOptions): Promise<Recipient> {
    const bot = await this.find(name, options);
    return {handle: bot?.handle ?? name, displayMessagePointPrice: null, pricesUsd: bot?.pricesUsd};
  }

  /** The bot with this handle if it was looked up before. */
  known(handle: string): ModelBot | undefined {
    return this.#found.get(handleOf(handle).toLowerCase());
  }

  /** The bot with this handle, in any letter case; undefined if it is not listed. */
  async find(handle: string, options?: ModelListOptions): Promise<ModelBot | undefined> {
    const id = handleOf(handle).toLowerCase();
    const known = options?.isFresh ? undefined : this.known(handle);
    if (known) return known;
    const cached = this.#entries || options?.isFresh ? undefined : await this.#cache?.find?.(id);
    const entries = cached ?? (await this.#list(options));
    const matches = entries.filter((entry) => v.is(entrySchema, entry) && entry.id.toLowerCase() === id);
    const [bot] = await this.#parse(matches);
    if (bot) this.#found.set(id, bot);
    return bot;
  }

  /** As `find`. @throws PoeError `bot_not_found` with the fact `suggestions` */
  async info(handle: string, options?: ModelListOptions): Promise<ModelBot> {
    const bot = await this.find(handle, options);
    if (bot) return bot;
    const handles = (await this.all({signal: options?.signal})).map((each) => each.handle);
    const suggestions = closestNames(handle, handles);
    throw new PoeError('bot_not_found', `Poe's API lists no bot named ${JSON.stringify(handle)}`, {
      suggestions,
      ...(suggestions.length > 0 ? {hint: didYouMean(suggestions)} : {remedy: 'list_bots'}),
    });
  }

  async #list({signal, isFresh}: ModelListOptions = {}): Promise<readonly unknown[]> {
    const load = async (shared: AbortSignal) => (this.#entries = await this.#load({signal: shared, isFresh}));
    return isFresh ? load(signal ?? new AbortController().signal) : (this.#entries ?? this.#loading.join(load, signal));
  }

  async #load({isFresh, ...options}: ModelListOptions): Promise<readonly unknown[]> {
    const cached = v.safeParse(listSchema, isFresh ? undefined : await this.#cache?.read());
    if (cached.success) return cached.output.data;
    const {data} = await this.#api.get('/v1/models', listSchema, options);
    await this.#cache?.write({data});
    return data;
  }
}
