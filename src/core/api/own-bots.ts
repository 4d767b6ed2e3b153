import * as v from 'valibot';
import {PoeError} from '../errors.js';
import {readable} from '../input/lenient.js';
import {parseBotName} from '../names/bot-name.js';
import type {CallOptions, ListOptions} from '../options.js';
import type {CreateOptions, OwnBot, OwnBots, OwnBotSettings, UpdateOptions} from '../own-bots.js';
import {failingList, webOnly} from '../unsupported.js';
import type {Api} from './http/api.js';
import {ResponseError} from './http/errors.js';

const text = v.fallback(v.nullish(v.string(), null), null);
const object = v.fallback(v.nullish(v.record(v.string(), v.unknown()), null), null);

/** A bot as the API describes it (Poe's documentation of the Bots REST API, 2026). */
const BotEntry = v.object({
  handle: v.string(),
  description: text,
  is_private: v.fallback(v.nullish(v.boolean(), null), null),
  api_bot_settings: object,
  parameter_controls: object,
});

/** The account's bots with an endpoint of its own, through the API. Every request can be repeated. */
export class ApiOwnBots implements OwnBots {
  readonly #api: Api;

  constructor(api: Api) {
    this.#api = api;
  }

  async *list({limit = Number.POSITIVE_INFINITY, signal}: ListOptions = {}): AsyncGenerator<OwnBot, void, undefined> {
    const {bots} = await this.#api.get('/bots', v.object({bots: v.array(v.unknown())}), {signal});
    yield* readable(BotEntry, bots).slice(0, limit).map(toOwnBot);
  }

  async find(handle: string, options?: CallOptions): Promise<OwnBot | undefined> {
    const name = parseBotName(handle);
    try {
      const {data} = await this.#api.find(pathOf(name), BotEntry, options);
      return toOwnBot(data);
    } catch (error) {
      if (error instanceof ResponseError && error.status === 404) return undefined;
      throw explain(error, name);
    }
  }

  async create(handle: string, settings: OwnBotSettings, options?: CreateOptions): Promise<void> {
    await this.#save('POST', '/bots', handle, {handle, ...toBody(settings)}, options);
  }

  /** Replaces all settings. Without a key for the endpoint, settings are merged, so that Poe keeps the key that it has. */
  async update(bot: OwnBot, settings: OwnBotSettings, {newHandle, signal}: UpdateOptions = {}): Promise<void> {
    if (newHandle !== undefined && newHandle.toLowerCase() !== bot.handle.toLowerCase()) throw webOnly.renaming();
    const method = settings.accessKey === null ? 'PATCH' : 'PUT';
    await this.#save(method, pathOf(bot.handle), bot.handle, toBody(settings), {signal});
  }

  async delete({handle}: OwnBot, options?: CallOptions): Promise<void> {
    await this.#api.change('DELETE', pathOf(handle), undefined, v.unknown(), options).catch((error: unknown) => {
      // It was deleted, but the response was lost.
      if (!(error instanceof ResponseError && error.status === 404)) throw explain(error, handle);
    });
  }

  knowledge(): AsyncGenerator<never, void, undefined> {
    return failingList(webOnly.knowledge());
  }

  addKnowledge(): Promise<never> {
    return Promise.reject(webOnly.knowledge());
  }

  editKnowledge(): Promise<never> {
    return Promise.reject(webOnly.knowledge());
  }

  baseBots(): Promise<never> {
    return Promise.reject(webOnly.baseBots());
  }

  async #save(
    method: 'POST' | 'PUT' | 'PATCH',
    path: string,
    handle: string,
    body: object,
    options: CallOptions = {},
  ): Promise<void> {
    const Result = v.object({create_bot_status: text, edit_bot_status: text});
    const result = await this.#api.change(method, path, body, Result, options).catch((error: unknown) => {
      throw explain(error, handle);
    });
    const status = result.create_bot_status ?? result.edit_bot_status ?? 'no status';
    if (status !== 'success') throw new PoeError('refused', `Poe did not save the bot ${handle}: ${status}`);
  }
}

const pathOf = (handle: string): string => `/bots/${encodeURIComponent(handle)}`;

const toOwnBot = (entry: v.InferOutput<typeof BotEntry>): OwnBot => ({
  handle: entry.handle,
  id: null,
  botId: null,
  settings: {
    ...(entry.api_bot_settings !== null && {category: 'api', endpoint: withoutKey(entry.api_bot_settings)}),
    ...(entry.description !== null && {description: entry.description}),
    ...(entry.is_private !== null && {isPrivate: entry.is_private}),
    ...(entry.parameter_controls !== null && {parameterControls: entry.parameter_controls}),
  },
});

/** Poe does not send the key. If it ever does, it goes no further. */
function withoutKey({api_key: _key, ...settings}: Record<string, unknown>): Record<string, unknown> {
  return settings;
}

function toBody({description, isPrivate, endpoint, accessKey, parameterControls}: OwnBotSettings) {
  if (endpoint === null) throw webOnly.botsOfSite();
  return {
    description,
    is_private: isPrivate,
    api_bot_settings: {...endpoint, ...(accessKey !== null && {api_key: accessKey})},
    ...(parameterControls !== null && {parameter_controls: parameterControls}),
  };
}

function explain(error: unknown, handle: string): unknown {
  if (!(error instanceof ResponseError)) return error;
  if (/handle.*taken/.test(error.message)) {
    return error.with({message: `The handle ${handle} is taken`, hint: 'Choose another handle.'});
  }
  if (error.status === 403)
    return error.with({message: `The bot ${handle} is not yours`, hint: 'Choose another handle.'});
  if (error.status === 404) return error.with({message: `You have no bot named ${handle}`, remedy: 'list_own_bots'});
  return error.with({hint: 'Check the settings of the bot.'});
}
