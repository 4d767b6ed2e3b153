import type {Bots as BotsContract} from '../client.js';
import {PoeError} from '../errors.js';
import {Bot, readable} from '../model.js';
import {closestNames} from '../suggest.js';
import {forwards, pageSize} from '../pages.js';
import type {CallOptions, ListOptions} from '../options.js';
import {assertPresent} from './protocol/assert-success.js';
import type {GraphqlClient} from './session/graphql-client.js';

const searchSize = 50;
/** How Poe calls what it shows to those who chose no category. */
const anyCategory = 'defaultCategory';

/** The bots of the site. */
export class Bots implements BotsContract {
  readonly #graphql: GraphqlClient;

  constructor(graphql: GraphqlClient) {
    this.#graphql = graphql;
  }

  /**
   * @param name the bot's handle in any letter case; its display name will do where no other bot has it
   * @throws PoeError `bot_not_found`, whose hint names the bots that may have been meant
   */
  async info(name: string, options?: CallOptions): Promise<Bot> {
    // A display name with spaces is as a rule the handle with hyphens.
    const spellings = name.includes(' ') ? [name, name.replaceAll(' ', '-')] : [name];
    for (const spelling of spellings) {
      const bot = await this.#lookUp(spelling, options);
      if (bot) return bot;
    }
    const found = await this.#firstFound(name, options).catch(() => []);
    const [named, ...others] = found.filter(({displayName}) => displayName?.toLowerCase() === name.toLowerCase());
    const bot = named && others.length === 0 ? await this.#lookUp(named.handle, options) : undefined;
    if (bot) return bot;
    const near = await this.#near(name, found, options);
    throw new PoeError('bot_not_found', `No bot named ${JSON.stringify(name)}`, {
      suggestions: near,
      hint:
        near.length > 0
          ? `Did you mean ${near.join(', ')}?`
          : "A bot's handle is the last part of its address, https://poe.com/<handle>.",
    });
  }

  /** As `info`: poe.com shows every bot that can be asked. */
  resolve(name: string, options?: CallOptions): Promise<Bot> {
    return this.info(name, options);
  }

  /** Bots that fit a query, the best first; no page is asked for before it is needed. */
  search(query: string, options: ListOptions = {}): AsyncGenerator<Bot, void, undefined> {
    return forwards(async (cursor) => {
      const {searchEntityConnection: found} = await this.#graphql.call(
        'search',
        {query, entityType: 'bot', count: pageSize(options), ...(cursor !== undefined && {cursor})},
        options,
      );
      return {...found, nodes: readable(Bot, found.nodes)};
    }, options);
  }

  /**
   * The bots of a category as the site lists them, or those it shows to everybody; no page is asked for before it is needed.
   * @throws PoeError `usage` where there is no such category
   */
  async *explore(category?: string, options: ListOptions = {}): AsyncGenerator<Bot, void, undefined> {
    let found = 0;
    try {
      for await (const bot of this.#listed(category ?? anyCategory, options)) {
        found++;
        yield bot;
      }
    } catch (error) {
      if (found > 0 || !category || !(error instanceof PoeError && error.code === 'refused')) throw error;
    }
    if (found > 0 || category === undefined) return;
    const name = await this.#categoryLike(category, options);
    if (name !== category) yield* this.#listed(name, options);
  }

  /** The names of the categories, as `explore` takes them. @throws PoeError */
  async categories(options?: CallOptions): Promise<string[]> {
    const {exploreBotsCategoryObjects: listed} = await this.#graphql.call(
      'exploreIndex',
      {categoryName: anyCategory},
      options,
    );
    const names = assertPresent('exploreIndex', 'name its categories', listed);
    return names.flatMap(({categoryName}) => categoryName ?? []);
  }

  /** A bot of which Poe told only number and display name. @throws PoeError `bot_not_found` */
  async withId(botId: number, displayName: string | null, options?: CallOptions): Promise<Bot> {
    const name = displayName ?? '';
    // Most handles are the display name itself, with hyphens for spaces.
    const guesses = name ? [...new Set([name, name.replaceAll(' ', '-')])] : [];
    for (const guess of guesses) {
      const bot = await this.#lookUp(guess, options);
      if (bot?.botId === botId) return bot;
    }
    const found = name ? (await this.#firstFound(name, options)).find((bot) => bot.botId === botId) : undefined;
    if (found) return found;
    throw new PoeError('bot_not_found', `No handle found for the bot ${name || botId}`, {
      remedy: 'name_bot',
    });
  }

  async #lookUp(handle: string, options?: CallOptions): Promise<Bot | undefined> {
    try {
      const {bot, viewer} = await this.#graphql.call('botInfo', {botHandle: handle}, options);
      const uploadsFirst = viewer?.shouldUseFinishUploadEndpoint ?? null;
      if (uploadsFirst !== null) this.#graphql.session.setUploadsFirst(uploadsFirst);
      return bot ?? undefined;
    } catch (error) {
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      // “Server Error” may mean that there is no such bot. If the search knows it, the fault lies elsewhere.
      const found = await this.#firstFound(handle, options).catch(() => []);
      if (found.some((bot) => bot.handle.toLowerCase() === handle.toLowerCase())) throw error;
      return undefined;
    }
  }

  /** Handles near a mistyped one: among what the site's search found, by the first letters, among the well-known. */
  async #near(name: string, found: readonly Bot[], options?: CallOptions): Promise<string[]> {
    const start = name.split(/[\s._-]/)[0]?.slice(0, 4) ?? '';
    const sources = [
      async () => found,
      ...(start.length > 1 && start !== name ? [() => this.#firstFound(start, options)] : []),
      () => this.#wellKnown(options),
    ];
    const handles: string[] = [];
    for (const source of sources) {
      handles.push(...(await source().catch(() => [])).map((bot) => bot.handle));
      const near = closestNames(name, handles);
      if (near.length > 0) return near;
    }
    return [];
  }

  #listed(categoryName: string, options: ListOptions): AsyncGenerator<Bot, void, undefined> {
    return forwards(async (cursor) => {
      const {exploreBotsConnection} = await this.#graphql.call(
        'exploreBots',
        {categoryName, count: pageSize(options), ...(cursor !== undefined && {cursor})},
        options,
      );
      return exploreBotsConnection;
    }, options);
  }

  /** A category's name in its own spelling. @throws PoeError `usage` */
  async #categoryLike(category: string, options?: CallOptions): Promise<string> {
    const names = await this.categories(options);
    const name = names.find((each) => each.toLowerCase() === category.toLowerCase());
    if (name !== undefined) return name;
    const near = closestNames(category, names);
    throw new PoeError('usage', `No category named ${JSON.stringify(category)}`, {
      suggestions: near,
      ...(near.length > 0 ? {hint: `Did you mean ${near.join(', ')}?`} : {remedy: 'list_categories' as const}),
    });
  }

  async #firstFound(query: string, options?: CallOptions): Promise<Bot[]> {
    const {searchEntityConnection} = await this.#graphql.call(
      'search',
      {query, entityType: 'bot', count: searchSize},
      options,
    );
    return readable(Bot, searchEntityConnection.nodes);
  }

  async #wellKnown(options?: CallOptions): Promise<Bot[]> {
    const {exploreBotsConnection} = await this.#graphql.call(
      'exploreBots',
      {categoryName: 'Official', count: searchSize},
      options,
    );
    return exploreBotsConnection.nodes;
  }
}
