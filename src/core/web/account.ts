import type {Identity, Since, Spending, UsageBy, UsageSum} from '../account.js';
import type {Account} from '../client.js';
import {PoeError} from '../errors.js';
import type {Bot, Settings} from '../model.js';
import type {CallOptions, SpendingOptions} from '../options.js';
import {forwards, type Page} from '../pages.js';
import type {WebBots} from './bots.js';
import {badTokens} from './protocol/response.js';
import {assertDone, assertPresent, assertSuccess} from './protocol/assert-success.js';
import type {GraphqlClient} from './session/graphql-client.js';
import {passedId} from '../names/id.js';

/** What the site itself requests at once. */
const historySize = 20;

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

  async usage(by: UsageBy, {since, signal}: CallOptions & {since?: Since} = {}): Promise<UsageSum[]> {
    const {sumUsage} = await import('../spending/sum-usage.js');
    const sums = await sumUsage(this.spendings({since, signal}), by);
    return sums.map((sum) => Object.assign(sum, {points: sum.points ?? 0}));
  }

  /** The charges of the last 30 days, newest first: also those of API keys, without their names. */
  async *spendings({since, ...options}: SpendingOptions = {}): AsyncGenerator<Spending, void, undefined> {
    for await (const spending of forwards((cursor) => this.#history(cursor, options), idOf, options)) {
      // Poe's clock is known only after the first response.
      const start = since instanceof Date ? since.getTime() : this.now() - (since?.agoMs ?? Infinity);
      if (Date.parse(spending.time) < start) return;
      yield spending;
    }
  }

  now(): number {
    return this.#graphql.session.http.clock.now();
  }

  async #history(cursor: string | undefined, options: CallOptions): Promise<Page<Spending>> {
    const variables = {limit: historySize, ...(cursor !== undefined && {cursor})};
    const {viewer} = await this.#graphql.call('pointsHistory', variables, options);
    return assertPresent('pointsHistory', 'list the charges', viewer?.pointsHistoryConnection ?? null);
  }

  async setPointLimit(points: number, options?: CallOptions): Promise<void> {
    if (!Number.isSafeInteger(points) || points < 0) {
      throw new PoeError('usage', 'The point limit must be a whole number', {hint: 'Use 0 or more.'});
    }
    const answer = await this.#graphql.call('setPointLimit', {priceThresholdInPoints: String(points)}, options);
    assertDone('setPointLimit', 'set the point limit', answer.setAllChatDefaultMessagePointPriceThreshold);
  }
}

const idOf = ({queryId}: Spending): string => queryId;
