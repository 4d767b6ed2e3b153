import type {CallOptions, BotListOptions, ListOptions} from '../../options.js';
import {PoeError} from '../../errors.js';
import {readable} from '../../input/lenient.js';
import {Bot} from '../../model.js';
import {closestNames, didYouMean} from '../../names/suggest.js';
import {forwards, pageSize} from '../../pages.js';
import {assertPresent} from '../protocol/assert-success.js';
import type {GraphqlClient} from '../session/graphql-client.js';
import {filterListed} from './filter-listed.js';
import type {PriceSource} from './price-look-ups.js';

/** The name of the bots that Poe shows if no category is selected. */
const anyCategory = 'defaultCategory';

/** Searches bots, and lists those of a category. */
export class BotLists {
  readonly #graphql: GraphqlClient;
  readonly #prices: PriceSource;

  constructor(graphql: GraphqlClient, prices: PriceSource) {
    this.#graphql = graphql;
    this.#prices = prices;
  }

  search(query: string, options: BotListOptions = {}): AsyncGenerator<Bot, void, undefined> {
    return filterListed((page) => this.#found(query, page), this.#prices, options);
  }

  /** @throws PoeError `usage` if there is no such category */
  explore(category?: string, options: BotListOptions = {}): AsyncGenerator<Bot, void, undefined> {
    return filterListed((page) => this.#explored(category, page), this.#prices, options);
  }

  async categories(options?: CallOptions): Promise<string[]> {
    const {exploreBotsCategoryObjects: categories} = await this.#graphql.call(
      'exploreIndex',
      {categoryName: anyCategory},
      options,
    );
    const names = assertPresent('exploreIndex', 'list the categories', categories);
    return names.flatMap(({categoryName}) => categoryName ?? []);
  }

  #found(query: string, options: ListOptions): AsyncGenerator<Bot, void, undefined> {
    return forwards(
      async (cursor) => {
        const {searchEntityConnection: page} = await this.#graphql.call(
          'search',
          {query, entityType: 'bot', count: pageSize(options), ...(cursor !== undefined && {cursor})},
          options,
        );
        return {...page, nodes: readable(Bot, page.nodes)};
      },
      idOf,
      options,
    );
  }

  async *#explored(category: string | undefined, options: ListOptions): AsyncGenerator<Bot, void, undefined> {
    let count = 0;
    try {
      for await (const bot of this.#listed(category ?? anyCategory, options)) {
        count++;
        yield bot;
      }
    } catch (error) {
      if (count > 0 || !category || !(error instanceof PoeError && error.code === 'refused')) throw error;
    }
    if (count > 0 || category === undefined) return;
    // Category names are case-sensitive.
    const name = await this.#findCategory(category, options);
    if (name !== category) yield* this.#listed(name, options);
  }

  #listed(categoryName: string, options: ListOptions): AsyncGenerator<Bot, void, undefined> {
    return forwards(
      async (cursor) => {
        const {exploreBotsConnection} = await this.#graphql.call(
          'exploreBots',
          {categoryName, count: pageSize(options), ...(cursor !== undefined && {cursor})},
          options,
        );
        return exploreBotsConnection;
      },
      idOf,
      options,
    );
  }

  /** The name of a category in the right letter case. @throws PoeError `usage` */
  async #findCategory(category: string, options?: CallOptions): Promise<string> {
    const names = await this.categories(options);
    const name = names.find((each) => each.toLowerCase() === category.toLowerCase());
    if (name !== undefined) return name;
    const suggestions = closestNames(category, names);
    throw new PoeError('usage', `No category named ${JSON.stringify(category)}`, {
      suggestions,
      ...(suggestions.length > 0 ? {hint: didYouMean(suggestions)} : {remedy: 'list_categories' as const}),
    });
  }
}

const idOf = ({botId}: Bot): string => String(botId);
