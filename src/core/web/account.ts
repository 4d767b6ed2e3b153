import type {Identity, Spending, UsageSum} from '../account.js';
import type {Account} from '../client.js';
import {PoeError} from '../errors.js';
import {failingList, unsupported} from '../unsupported.js';
import type {Bot, Settings} from '../model.js';
import type {CallOptions} from '../options.js';
import type {WebBots} from './bots.js';
import {badTokens} from './protocol/response.js';
import {assertSuccess, assertPresent} from './protocol/assert-success.js';
import type {GraphqlClient} from './session/graphql-client.js';
import {passedId} from '../names/id.js';

/** The account of the session. */
export class WebAccount implements Account {
  readonly #graphql: GraphqlClient;
  readonly #bots: WebBots;

  constructor(graphql: GraphqlClient, bots: WebBots) {
    this.#graphql = graphql;
    this.#bots = bots;
  }

  /** @throws PoeError `bad_tokens` if the session is anonymous */
  async settings(options?: CallOptions): Promise<Settings> {
    const {viewer} = await this.#graphql.call('settings', {}, options);
    if (!viewer) throw badTokens();
    return viewer;
  }

  async identity(options?: CallOptions): Promise<Identity> {
    const {uid, primaryEmail} = await this.settings(options);
    return {method: 'web', uid, email: primaryEmail};
  }

  async balance(options?: CallOptions): Promise<{points: number | null}> {
    const {messagePointInfo} = await this.settings(options);
    return {points: messagePointInfo?.messagePointBalance ?? null};
  }

  /** @throws PoeError `bot_not_found` if the account has none */
  async defaultBot(options?: CallOptions): Promise<Bot> {
    const {defaultBot} = await this.settings(options);
    if (!defaultBot) throw new PoeError('bot_not_found', 'The account has no default bot', {remedy: 'name_bot'});
    return this.#bots.withId(defaultBot.botId, defaultBot.displayName, options);
  }

  async setDefaultBot(bot: string | number, options?: CallOptions): Promise<void> {
    const botId = passedId(bot) ?? (await this.#bots.info(String(bot), options)).botId;
    const {poeSetDefaultBot} = await this.#graphql.call('setDefaultBot', {botId}, options);
    assertSuccess('setDefaultBot', `make ${bot} the default bot`, poeSetDefaultBot);
  }

  async usage(): Promise<UsageSum[]> {
    throw unsupported('Listing point usage', 'api');
  }

  spendings(): AsyncGenerator<Spending, void, undefined> {
    return failingList(unsupported('Listing point usage', 'api'));
  }

  async setPointLimit(points: number, options?: CallOptions): Promise<void> {
    if (!Number.isSafeInteger(points) || points < 0) {
      throw new PoeError('usage', 'The point limit must be a whole number', {hint: 'Use 0 or more.'});
    }
    const answer = await this.#graphql.call('setPointLimit', {priceThresholdInPoints: String(points)}, options);
    assertPresent('setPointLimit', 'set the point limit', answer.setAllChatDefaultMessagePointPriceThreshold);
  }
}
