import {parseBotName} from '../names/bot-name.js';
import type {Bots, PriceOptions} from '../client.js';
import {PoeError} from '../errors.js';
import {readable} from '../input/lenient.js';
import {Bot} from '../model.js';
import {closestNames, didYouMean} from '../names/suggest.js';
import type {BotListOptions, CallOptions} from '../options.js';
import {fixedPrice, type Price} from '../spending/price.js';
import {memoryPrices, type PriceCache} from '../spending/price-cache.js';
import {typicalPoints} from '../spending/point-prices.js';
import {priceOnCard, pricesOnCard} from '../spending/rate-card.js';
import {BotLists} from './bot-lists/bot-lists.js';
import type {GraphqlClient} from './session/graphql-client.js';
import type {Id} from '../names/id.js';

const searchSize = 50;

/** The bots of the site. */
export class WebBots implements Bots {
  readonly #graphql: GraphqlClient;
  readonly #lists: BotLists;
  readonly #prices: () => Promise<PriceCache>;
  #sendsObjects = false;

  /** @param prices where prices that took a request are stored. Default: in memory */
  constructor(graphql: GraphqlClient, prices?: () => Promise<PriceCache>) {
    this.#graphql = graphql;
    const own = memoryPrices();
    this.#prices = prices ?? (async () => own);
    this.#lists = new BotLists(graphql, {card: (bot, options) => this.#card(bot, options), cache: this.#prices});
  }

  /**
   * @param text the bot's handle in any letter case, perhaps with `@`, its URL, or its display name if no other bot has the same one
   * @throws PoeError `bot_not_found` with the fact `suggestions`
   */
  async info(text: string, options?: CallOptions): Promise<Bot> {
    const name = parseBotName(text);
    // The handle is usually the display name with hyphens for spaces.
    const spellings = name.includes(' ') ? [name, name.replaceAll(' ', '-')] : [name];
    for (const spelling of spellings) {
      const bot = await this.#lookUp(spelling, options);
      if (bot) return bot;
    }
    const results = await this.#firstResults(name, options).catch(() => []);
    const [named, ...others] = results.filter(({displayName}) => displayName?.toLowerCase() === name.toLowerCase());
    const bot = named && others.length === 0 ? await this.#lookUp(named.handle, options) : undefined;
    if (bot) return bot;
    const suggestions = await this.#suggest(name, results, options);
    throw new PoeError('bot_not_found', `No bot named ${JSON.stringify(name)}`, {
      suggestions,
      ...(suggestions.length > 0 ? {hint: didYouMean(suggestions)} : {remedy: 'find_bot' as const}),
    });
  }

  /** Whether the account sends parameters of bots as an object, and not as JSON text. Known after the first look-up. */
  get sendsParametersAsObject(): boolean {
    return this.#sendsObjects;
  }

  /** As `info`: poe.com shows every bot that can be asked. */
  resolve(name: string, options?: CallOptions): Promise<Bot> {
    return this.info(name, options);
  }

  async rateCard(
    bot: Pick<Bot, 'botId'> & {handle?: string},
    {isRequired = false, ...options}: CallOptions & {isRequired?: boolean} = {},
  ): Promise<string | null> {
    try {
      const card = await this.#card(bot, options);
      if (bot.handle !== undefined) (await this.#prices()).setPrices(bot.handle, pricesOnCard(card));
      return card;
    } catch (error) {
      if (isRequired) throw error;
      return unavailable(error);
    }
  }

  /** What a message usually costs, by a price list that was read within a day. Makes no request. */
  async lastPrice(handle: string): Promise<number | null> {
    const prices = (await this.#prices()).prices(handle);
    return prices ? typicalPoints(prices) : null;
  }

  /**
   * What a message to a bot will cost, from the price that Poe shows with it or else from its price list.
   * @param options.text the message
   */
  async price(handle: string, options: CallOptions & PriceOptions): Promise<Price> {
    return this.priceOf(await this.info(handle, options), options);
  }

  /** As `price`, for a bot that was looked up. */
  async priceOf(bot: Bot, {text, ...options}: CallOptions & PriceOptions): Promise<Price> {
    if (bot.displayMessagePointPrice !== null) return fixedPrice(bot.displayMessagePointPrice);
    return priceOnCard(await this.rateCard(bot, options), text);
  }

  search(query: string, options?: BotListOptions): AsyncGenerator<Bot, void, undefined> {
    return this.#lists.search(query, options);
  }

  /** @throws PoeError `usage` if there is no such category */
  explore(category?: string, options?: BotListOptions): AsyncGenerator<Bot, void, undefined> {
    return this.#lists.explore(category, options);
  }

  categories(options?: CallOptions): Promise<string[]> {
    return this.#lists.categories(options);
  }

  /** Looks a bot up by its id and display name. @throws PoeError `bot_not_found` */
  async withId(botId: Id, displayName: string | null, options?: CallOptions): Promise<Bot> {
    const name = displayName ?? '';
    // The handle is usually the display name with hyphens for spaces.
    const guesses = name ? [...new Set([name, name.replaceAll(' ', '-')])] : [];
    for (const guess of guesses) {
      const bot = await this.#lookUp(guess, options);
      if (bot?.botId === botId) return bot;
    }
    const result = name ? (await this.#firstResults(name, options)).find((bot) => bot.botId === botId) : undefined;
    if (result) return result;
    throw new PoeError('bot_not_found', `No handle found for the bot ${name || botId}`, {
      remedy: 'name_bot',
    });
  }

  async #card({botId}: Pick<Bot, 'botId'>, options?: CallOptions): Promise<string | null> {
    const answer = await this.#graphql.call('rateCard', {botId}, options);
    return answer.botById?.botPricing?.rateMenuMarkdown?.trim() || null;
  }

  async #lookUp(handle: string, options?: CallOptions): Promise<Bot | undefined> {
    try {
      const {bot, viewer} = await this.#graphql.call('botInfo', {botHandle: handle}, options);
      const uploadsFirst = viewer?.shouldUseFinishUploadEndpoint ?? null;
      if (uploadsFirst !== null) this.#graphql.session.setUploadsFirst(uploadsFirst);
      this.#sendsObjects = viewer?.submitMessageParamsAsDict ?? this.#sendsObjects;
      return bot ?? undefined;
    } catch (error) {
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      // "Server Error" may mean that there is no such bot. If the search finds it, there is another reason.
      const results = await this.#firstResults(handle, options).catch(() => []);
      if (results.some((bot) => bot.handle.toLowerCase() === handle.toLowerCase())) throw error;
      return undefined;
    }
  }

  /** Handles similar to a mistyped one: from the search, from a search for its first letters, from the official bots. */
  async #suggest(name: string, results: readonly Bot[], options?: CallOptions): Promise<string[]> {
    const start = name.split(/[\s._-]/)[0]?.slice(0, 4) ?? '';
    const sources = [
      async () => results,
      ...(start.length > 1 && start !== name ? [() => this.#firstResults(start, options)] : []),
      () => this.#official(options),
    ];
    const handles: string[] = [];
    for (const source of sources) {
      handles.push(...(await source().catch(() => [])).map((bot) => bot.handle));
      const suggestions = closestNames(name, handles);
      if (suggestions.length > 0) return suggestions;
    }
    return [];
  }

  async #firstResults(query: string, options?: CallOptions): Promise<Bot[]> {
    const {searchEntityConnection} = await this.#graphql.call(
      'search',
      {query, entityType: 'bot', count: searchSize},
      options,
    );
    return readable(Bot, searchEntityConnection.nodes);
  }

  async #official(options?: CallOptions): Promise<Bot[]> {
    const {exploreBotsConnection} = await this.#graphql.call(
      'exploreBots',
      {categoryName: 'Official', count: searchSize},
      options,
    );
    return exploreBotsConnection.nodes;
  }
}

/** Without the price list, the price is unknown. */
function unavailable(error: unknown): null {
  if (error instanceof PoeError && error.code !== 'interrupted') return null;
  throw error;
}
