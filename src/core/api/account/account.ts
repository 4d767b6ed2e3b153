import {setTimeout} from 'node:timers/promises';
import * as v from 'valibot';
import type {ApiSettings, Balance, Identity, Since, Spending, UsageBy, UsageSum} from '../../account.js';
import type {Account, Recipient} from '../../client.js';
import {PoeError} from '../../errors.js';
import {IdNumber, readable} from '../../input/lenient.js';
import {forwards} from '../../pages.js';
import type {CallOptions, SpendingOptions} from '../../options.js';
import {webOnly} from '../../unsupported.js';
import type {Models} from '../models.js';
import type {Api} from '../http/api.js';
import {balanceSchema, pageEndSchema, spendingPageSchema, spendingSchema} from './points.js';
import {sumUsage} from '../../spending/sum-usage.js';

/** The most entries that the API returns at once. */
const maxPageSize = 100;
/** Charges from before the message are not its cost. The clocks may differ by this much. */
const clockToleranceMs = 5_000;

/** A message whose cost is looked up. */
interface SentMessage {
  bot: string;
  /** ISO 8601, by Poe's clock. */
  time: string;
}

/** Stores which bot answers when none is named: the API has no such setting. */
export interface DefaultBotStore {
  /** Undefined if no bot was chosen. */
  read(): Promise<string | undefined>;
  write(handle: string): Promise<void>;
}

/** The bot that answers when none was chosen. */
export const fallbackBot = 'Assistant';

/** The account that the key belongs to. Each method throws PoeError. */
export class ApiAccount implements Account {
  readonly #api: Api;
  readonly #bots: Models;
  readonly #defaultBot: DefaultBotStore;

  constructor(api: Api, bots: Models, defaultBot: DefaultBotStore = memoryDefaultBot()) {
    this.#api = api;
    this.#bots = bots;
    this.#defaultBot = defaultBot;
  }

  async identity(options?: CallOptions): Promise<Identity> {
    try {
      const {user_id: uid, handle, name} = await this.#api.postForData('/v1/whoami', whoamiSchema, options);
      return {method: 'api-key', uid, email: null, handle, name};
    } catch (error) {
      if (!(error instanceof PoeError) || !isMissing(error)) throw error;
      const {email} = await this.balance(options);
      return {method: 'api-key', uid: null, email, handle: null, name: null};
    }
  }

  async settings(options?: CallOptions): Promise<ApiSettings> {
    const balance = await this.balance(options);
    const displayName = await this.chosenBot();
    return {
      ...balance,
      defaultBot: displayName === undefined ? null : {displayName, botId: null, id: null},
      messagePointInfo: {
        messagePointResetTime: balance.nextDailyGrant.time ?? balance.nextMonthlyGrant.time,
        messagePointBalance: balance.points,
        totalMessagePointAllotment: null,
        allChatDefaultPointPriceThresholdPerMessage: null,
      },
    };
  }

  async balance(options?: CallOptions): Promise<Balance> {
    const balance = await this.#api.get('/usage/current_balance', balanceSchema, options);
    await this.#bots.noteBalance(balance);
    return balance;
  }

  async defaultBot(options?: CallOptions): Promise<Recipient> {
    return this.#bots.resolve((await this.chosenBot()) ?? fallbackBot, options);
  }

  /** @internal The handle of the default bot; undefined if none was chosen. */
  chosenBot(): Promise<string | undefined> {
    return this.#defaultBot.read();
  }

  async setDefaultBot(bot: string | number, options?: CallOptions): Promise<void> {
    const {handle} = await this.#bots.info(String(bot), options);
    await this.#defaultBot.write(handle);
  }

  async setPointLimit(): Promise<void> {
    throw webOnly.pointLimit();
  }

  now(): number {
    return this.#api.clock.now();
  }

  /** Adds up the charges since a date, or of the last `agoMs` milliseconds by Poe's clock. Default: all of them. */
  async usage(by: UsageBy, {since, signal}: CallOptions & {since?: Since} = {}): Promise<UsageSum[]> {
    const sums = await sumUsage(this.spendings({since, signal}), by);
    return sums.map((sum) => Object.assign(sum, {points: sum.points ?? 0}));
  }

  /** The account's charges, newest first, including those on poe.com. Poe returns the last 30 days. */
  spendings({since, ...options}: SpendingOptions = {}): AsyncGenerator<Spending, void, undefined> {
    const all = this.#allSpendings(options);
    return since === undefined ? all : this.#since(since, all);
  }

  #allSpendings(options: SpendingOptions): AsyncGenerator<Spending, void, undefined> {
    return forwards(
      async (cursor) => {
        const after = cursor === undefined ? '' : `&starting_after=${encodeURIComponent(cursor)}`;
        const limit = Math.min(options.limit ?? maxPageSize, maxPageSize);
        const {data, has_more, next_cursor} = await this.#api.get(
          `/usage/points_history?limit=${limit}${after}`,
          spendingPageSchema,
          options,
        );
        const last = v.safeParse(pageEndSchema, data.at(-1));
        const spendings = readable(spendingSchema, data);
        return {
          isEmpty: data.length === 0,
          // Poe sends the newest first, but does not document the order.
          nodes: spendings.toSorted((a, b) => b.time.localeCompare(a.time)),
          unreadable: data.length - spendings.length,
          pageInfo: {
            // Without `has_more`, a full page is followed by another one.
            hasNextPage: has_more ?? data.length >= limit,
            endCursor: (last.success ? last.output.query_id : null) ?? next_cursor,
            hasPreviousPage: null,
            startCursor: null,
          },
        };
      },
      keyOf,
      options,
    );
  }

  /**
   * Estimates the points that a reply has cost. The API links no charge to a reply, so this is the charge for the same bot that is
   * closest to the message in time. Null if there is none, also after two more attempts within two seconds.
   */
  async estimateCost(message: SentMessage, {signal}: CallOptions = {}): Promise<number | null> {
    for (const pauseMs of [500, 1500, 0]) {
      const spending = await this.#closestSpending(message, signal);
      if (spending) return Math.abs(spending.points);
      // If the signal is aborted, the next request throws.
      if (pauseMs > 0) await setTimeout(pauseMs, undefined, {signal}).catch(() => {});
    }
    return null;
  }

  async #closestSpending({bot, time}: SentMessage, signal?: AbortSignal): Promise<Spending | undefined> {
    const sentAt = Date.parse(time);
    const distance = (spending: Spending) => Math.abs(Date.parse(spending.time) - sentAt);
    let closest: Spending | undefined;
    for await (const spending of this.spendings({signal})) {
      if (Date.parse(spending.time) < sentAt - clockToleranceMs) break;
      const isOfBot = spending.bot.toLowerCase() === bot.toLowerCase() && spending.type !== 'Chat';
      if (isOfBot && (!closest || distance(spending) < distance(closest))) closest = spending;
    }
    return closest;
  }

  /** @param spendings newest first */
  async *#since(since: Since, spendings: AsyncIterable<Spending>): AsyncGenerator<Spending, void, undefined> {
    for await (const spending of spendings) {
      // Poe's clock is known only after the first response.
      const start = since instanceof Date ? since.getTime() : this.#api.clock.now() - since.agoMs;
      if (Date.parse(spending.time) < start) return;
      yield spending;
    }
  }
}

/** `/v1/whoami` is undocumented (poe-code, late 2026). */
const whoamiSchema = v.object({
  user_id: v.fallback(v.nullish(IdNumber, null), null),
  handle: v.fallback(v.nullish(v.string(), null), null),
  name: v.fallback(v.nullish(v.string(), null), null),
});

/** Whether a server has no `/v1/whoami`, or it is broken. */
const isMissing = ({code}: PoeError): boolean => code === 'not_understood' || code === 'unavailable';

/** One query may have several charges. */
const keyOf = ({queryId, time, bot, points}: Spending): string => JSON.stringify([queryId, time, bot, points]);

function memoryDefaultBot(): DefaultBotStore {
  let bot: string | undefined;
  return {
    read: async () => bot,
    async write(handle) {
      bot = handle;
    },
  };
}
