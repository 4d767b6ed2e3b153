import type {Users} from '../client.js';
import {PoeError} from '../errors.js';
import {readable} from '../input/lenient.js';
import {User} from '../model.js';
import {parseUserName} from '../names/bot-name.js';
import {closestNames, didYouMean} from '../names/suggest.js';
import {forwards, pageSize} from '../pages.js';
import type {CallOptions, ListOptions} from '../options.js';
import {assertSuccess} from './protocol/assert-success.js';
import type {GraphqlClient} from './session/graphql-client.js';
import {passedId} from '../names/id.js';

/** How many search results are considered for suggestions. */
const maxResults = 50;

/** The people on the site. */
export class WebUsers implements Users {
  readonly #graphql: GraphqlClient;

  constructor(graphql: GraphqlClient) {
    this.#graphql = graphql;
  }

  /** @throws PoeError `user_not_found` with the fact `suggestions`; `usage` */
  async info(name: string, options?: CallOptions): Promise<User> {
    const handle = parseUserName(name);
    const user = await this.#lookUp(handle, options);
    if (user) return user;
    const suggestions = await this.#suggest(handle, options);
    throw new PoeError('user_not_found', `No user named ${JSON.stringify(handle)}`, {
      suggestions,
      ...(suggestions.length > 0 ? {hint: didYouMean(suggestions)} : {remedy: 'find_user' as const}),
    });
  }

  search(query: string, options: ListOptions = {}): AsyncGenerator<User, void, undefined> {
    return forwards(
      async (cursor) => {
        const {searchEntityConnection: page} = await this.#graphql.call(
          'search',
          {query, entityType: 'user', count: pageSize(options), ...(cursor !== undefined && {cursor})},
          options,
        );
        return {...page, nodes: readable(User, page.nodes)};
      },
      idOf,
      options,
    );
  }

  async follow(user: string | number, options?: CallOptions): Promise<void> {
    await this.#setFollow(user, true, options);
  }

  async unfollow(user: string | number, options?: CallOptions): Promise<void> {
    await this.#setFollow(user, false, options);
  }

  async #setFollow(user: string | number, shouldFollow: boolean, options?: CallOptions): Promise<void> {
    const targetUid = passedId(user) ?? (await this.info(String(user), options)).uid;
    const {poeUserSetFollow} = await this.#graphql.call('setFollow', {shouldFollow, targetUid}, options);
    assertSuccess('setFollow', shouldFollow ? `follow ${user}` : `stop following ${user}`, poeUserSetFollow);
  }

  async #lookUp(handle: string, options?: CallOptions): Promise<User | undefined> {
    try {
      const {user} = await this.#graphql.call('userInfo', {handle}, options);
      return user ?? undefined;
    } catch (error) {
      // "Server Error" may mean that there is no such user. If the search finds one, there is another reason.
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      const handles = await this.#handles(handle, options);
      if (handles.some((each) => each.toLowerCase() === handle.toLowerCase())) throw error;
      return undefined;
    }
  }

  async #suggest(handle: string, options?: CallOptions): Promise<string[]> {
    const handles = await this.#handles(handle, options);
    const start = handle.slice(0, 4);
    return closestNames(handle, handles.length > 0 ? handles : await this.#handles(start, options));
  }

  /** Handles that the search finds; none if it fails. */
  async #handles(query: string, options?: CallOptions): Promise<string[]> {
    const handles: string[] = [];
    try {
      for await (const {handle} of this.search(query, {...options, limit: maxResults}))
        if (handle) handles.push(handle);
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
    }
    return handles;
  }
}

const idOf = ({uid}: User): string => String(uid);
