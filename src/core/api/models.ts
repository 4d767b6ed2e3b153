import * as v from 'valibot';
import type {Bots, Recipient} from '../client.js';
import {failingList, PoeError} from '../errors.js';
import {type BotParameter, count, type ModelBot, readable} from '../model.js';
import {closestNames} from '../suggest.js';
import type {CallOptions, ListOptions} from '../options.js';
import {webOnly} from '../web-only.js';
import {SingleFlight} from '../http/single-flight.js';
import type {Api} from './http/api.js';

const text = v.fallback(v.nullish(v.string(), null), null);
const texts = v.fallback(v.nullish(v.array(v.string()), []), []);

/** A price in US dollars, which Poe sends as a string. */
const price = v.fallback(
  v.nullish(v.union([v.number(), v.pipe(v.string(), v.nonEmpty(), v.transform(Number), v.finite())]), null),
  null,
);

const Parameter = v.pipe(
  v.object({
    name: v.string(),
    schema: v.fallback(
      v.nullish(
        v.object({
          type: text,
          enum: v.fallback(v.nullish(v.array(v.unknown()), null), null),
          minimum: count,
          maximum: count,
        }),
        null,
      ),
      null,
    ),
    default_value: v.nullish(v.unknown(), null),
    description: text,
  }),
  v.transform(({name, schema, default_value, description}) => ({
    name,
    schema,
    defaultValue: default_value,
    description,
  })),
) satisfies v.GenericSchema<unknown, BotParameter>;

/** An entry of `GET /v1/models`, as recorded in April 2026. */
const Model = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.nonEmpty()),
    description: text,
    owned_by: text,
    created: count,
    architecture: v.fallback(v.nullish(v.object({input_modalities: texts, output_modalities: texts}), null), null),
    supported_features: texts,
    supported_endpoints: texts,
    pricing: v.fallback(
      v.nullish(v.object({prompt: price, completion: price, image: price, request: price}), null),
      null,
    ),
    context_window: v.fallback(v.nullish(v.object({context_length: count, max_output_tokens: count}), null), null),
    context_length: count,
    metadata: v.fallback(
      v.nullish(
        v.object({display_name: text, url: text, image: v.fallback(v.nullish(v.object({url: text}), null), null)}),
        null,
      ),
      null,
    ),
    parameters: v.fallback(v.nullish(v.array(v.unknown()), []), []),
  }),
  v.transform((model) => ({
    id: null,
    botId: null,
    handle: model.id,
    displayName: model.metadata?.display_name ?? null,
    model: null,
    pictureUrl: model.metadata?.image?.url ?? null,
    description: model.description,
    poweredBy: model.owned_by,
    tags: model.supported_features,
    displayMessagePointPrice: null,
    introduction: null,
    isCreatedByPoeUserAccount: null,
    pricesUsd: model.pricing,
    contextTokens: model.context_window?.context_length ?? model.context_length,
    outputTokens: model.context_window?.max_output_tokens ?? null,
    takes: model.architecture?.input_modalities ?? [],
    gives: model.architecture?.output_modalities ?? [],
    endpoints: model.supported_endpoints,
    createdTime: timeOf(model.created),
    parameters: readable(Parameter, model.parameters),
  })),
) satisfies v.GenericSchema<unknown, ModelBot>;

/** Keeps the list of bots for a while. */
export interface ModelCache {
  read(): Promise<unknown>;
  write(models: unknown): Promise<void>;
}

const Named = v.object({id: v.string()});
const ModelList = v.object({data: v.array(v.unknown())});

/** The bots that Poe's API lists: the official and hosted ones, not those of its users. */
export class Models implements Bots {
  readonly #api: Api;
  readonly #cache: ModelCache | undefined;
  /** As Poe sends them; reading hundreds of them is not for who wants one. */
  #sent: readonly unknown[] | undefined;
  readonly #loading = new SingleFlight<readonly unknown[]>();

  constructor(api: Api, cache?: ModelCache) {
    this.#api = api;
    this.#cache = cache;
  }

  /** All of them. @throws PoeError */
  async all(options?: CallOptions): Promise<ModelBot[]> {
    return readable(Model, await this.#list(options));
  }

  /** Those whose name, maker or description has every word of the query. */
  async *search(
    query: string,
    {limit = Number.POSITIVE_INFINITY, signal}: ListOptions = {},
  ): AsyncGenerator<ModelBot, void, undefined> {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const fitting = (await this.all({signal})).filter((bot) => {
      const said = [bot.handle, bot.displayName, bot.poweredBy, bot.description, ...bot.takes, ...bot.gives];
      const whole = said.join(' ').toLowerCase();
      return words.every((word) => whole.includes(word));
    });
    yield* fitting.slice(0, limit);
  }

  /** All bots, as the API lists them. */
  explore(category?: string, options?: ListOptions): AsyncGenerator<ModelBot, void, undefined> {
    return category === undefined ? this.search('', options) : failingList(webOnly.categories());
  }

  async categories(): Promise<string[]> {
    throw webOnly.categories();
  }

  /** The bot with Poe's spelling of its handle. Bots of Poe's users can be asked though they are not listed. */
  async resolve(name: string, options?: CallOptions): Promise<Recipient> {
    return {handle: (await this.find(name, options))?.handle ?? name, displayMessagePointPrice: null};
  }

  /** The bot of this handle, if it is listed. */
  async find(handle: string, options?: CallOptions): Promise<ModelBot | undefined> {
    const wanted = handleOf(handle).toLowerCase();
    const sent = await this.#list(options);
    return readable(
      Model,
      sent.filter((model) => v.is(Named, model) && model.id.toLowerCase() === wanted),
    )[0];
  }

  /** @throws PoeError `bot_not_found` */
  async info(handle: string, options?: CallOptions): Promise<ModelBot> {
    const bot = await this.find(handle, options);
    if (bot) return bot;
    const near = closestNames(
      handle,
      (await this.all(options)).map((each) => each.handle),
    );
    throw new PoeError('bot_not_found', `Poe's API lists no bot ${handle}`, {
      hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : 'poe explore --via api lists the bots.',
    });
  }

  async #list({signal}: CallOptions = {}): Promise<readonly unknown[]> {
    const load = async (wanted: AbortSignal) => (this.#sent = await this.#load({signal: wanted}));
    return this.#sent ?? this.#loading.join(load, signal);
  }

  async #load(options?: CallOptions): Promise<readonly unknown[]> {
    const kept = v.safeParse(ModelList, await this.#cache?.read());
    if (kept.success) return kept.output.data;
    const {data} = await this.#api.get('/v1/models', ModelList, options);
    await this.#cache?.write({data});
    return data;
  }
}

/** A handle without the maker's name before it, which other programs write and Poe no longer takes. */
export const handleOf = (name: string): string => name.split('/').at(-1) ?? name;

/** Milliseconds, and seconds where somebody keeps to OpenAI's form. */
function timeOf(created: number | null): string | null {
  if (created === null) return null;
  const time = new Date(created > 1e11 ? created : created * 1000);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
