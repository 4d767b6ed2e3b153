import type {Users as UsersContract} from '../client.js';
import {PoeError} from '../errors.js';
import {readable, User} from '../model.js';
import {closestNames} from '../suggest.js';
import {forwards, pageSize} from '../pages.js';
import type {CallOptions, ListOptions} from '../options.js';
import {assertSuccess} from './protocol/assert-success.js';
import type {GraphqlClient} from './session/graphql-client.js';

/** Among how many the one is looked for who may have been meant. */
const mostNear = 50;

/** The people of the site. */
export class Users implements UsersContract {
  readonly #graphql: GraphqlClient;

  constructor(graphql: GraphqlClient) {
    this.#graphql = graphql;
  }

  /** @param handle in any letter case. @throws PoeError `user_not_found`, whose hint names those who may have been meant */
  async info(handle: string, options?: CallOptions): Promise<User> {
    const user = await this.#lookUp(handle.replace(/^@/, ''), options);
    if (user) return user;
    const near = await this.#near(handle, options);
    throw new PoeError('user_not_found', `No user named ${JSON.stringify(handle)}`, {
      suggestions: near,
      ...(near.length > 0 ? {hint: `Did you mean ${near.join(', ')}?`} : {remedy: 'find_user' as const}),
    });
  }

  /** People whose names fit, the best first; no page is asked for before it is needed. */
  search(query: string, options: ListOptions = {}): AsyncGenerator<User, void, undefined> {
    return forwards(async (cursor) => {
      const {searchEntityConnection: found} = await this.#graphql.call(
        'search',
        {query, entityType: 'user', count: pageSize(options), ...(cursor !== undefined && {cursor})},
        options,
      );
      return {...found, nodes: readable(User, found.nodes)};
    }, options);
  }

  /** @param user handle or uid. @throws PoeError `user_not_found`, `refused` */
  async follow(user: string | number, options?: CallOptions): Promise<void> {
    await this.#setFollow(user, true, options);
  }

  /** @param user handle or uid. @throws PoeError `user_not_found`, `refused` */
  async unfollow(user: string | number, options?: CallOptions): Promise<void> {
    await this.#setFollow(user, false, options);
  }

  async #setFollow(user: string | number, shouldFollow: boolean, options?: CallOptions): Promise<void> {
    const targetUid = typeof user === 'number' ? user : (await this.info(user, options)).uid;
    const {poeUserSetFollow} = await this.#graphql.call('setFollow', {shouldFollow, targetUid}, options);
    assertSuccess('setFollow', shouldFollow ? `follow ${user}` : `stop following ${user}`, poeUserSetFollow);
  }

  async #lookUp(handle: string, options?: CallOptions): Promise<User | undefined> {
    try {
      const {user} = await this.#graphql.call('userInfo', {handle}, options);
      return user ?? undefined;
    } catch (error) {
      // “Server Error” may mean that nobody has this handle. If the search knows it, the fault lies elsewhere.
      if (!(error instanceof PoeError && error.code === 'refused')) throw error;
      const found = await this.#handles(handle, options);
      if (found.some((known) => known.toLowerCase() === handle.toLowerCase())) throw error;
      return undefined;
    }
  }

  async #near(handle: string, options?: CallOptions): Promise<string[]> {
    const found = await this.#handles(handle, options);
    const start = handle.slice(0, 4);
    return closestNames(handle, found.length > 0 ? found : await this.#handles(start, options));
  }

  /** Handles that the search finds; none where it fails, for they are only suggestions. */
  async #handles(query: string, options?: CallOptions): Promise<string[]> {
    const handles: string[] = [];
    try {
      for await (const {handle} of this.search(query, {...options, limit: mostNear})) if (handle) handles.push(handle);
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
    }
    return handles;
  }
}
