import * as v from 'valibot';
import {count, readable} from '../input/lenient.js';
import type {ModelBot} from '../model-bot.js';
import type {BotParameter} from '../parameters/bot-parameter.js';
import {usualPointsPerDollar} from '../spending/point-rate.js';

const text = v.fallback(v.nullish(v.string(), null), null);
const texts = v.pipe(
  v.fallback(v.nullish(v.array(v.unknown()), []), []),
  v.transform((items) => readable(v.string(), items)),
);

/** A price in US dollars. Poe sends it as a string. */
const price = v.fallback(
  v.nullish(
    v.union([v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.nonEmpty(), v.transform(Number), v.finite())]),
    null,
  ),
  null,
);

const parameterSchema = v.pipe(
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

const flag = v.fallback(v.nullish(v.boolean(), false), false);

const reasoningSchema = v.fallback(
  v.nullish(
    v.pipe(
      v.object({
        budget: v.fallback(v.nullish(v.object({min_tokens: count, max_tokens: count}), null), null),
        required: flag,
        supports_reasoning_effort: flag,
      }),
      v.transform(({budget, required, supports_reasoning_effort}) => ({
        minTokens: budget?.min_tokens ?? null,
        maxTokens: budget?.max_tokens ?? null,
        isRequired: required,
        takesEffort: supports_reasoning_effort,
      })),
    ),
    null,
  ),
  null,
);

/** An entry of `GET /v1/models` (recorded in April 2026). */
export const modelSchema = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.nonEmpty()),
    description: text,
    owned_by: text,
    created: count,
    architecture: v.fallback(v.nullish(v.object({input_modalities: texts, output_modalities: texts}), null), null),
    supported_features: texts,
    supported_endpoints: texts,
    pricing: v.fallback(
      v.nullish(
        v.pipe(
          v.object({
            prompt: price,
            completion: price,
            image: price,
            request: price,
            input_cache_read: price,
            input_cache_write: price,
          }),
          v.transform(({input_cache_read: cacheRead, input_cache_write: cacheWrite, ...prices}) => ({
            ...prices,
            cacheRead,
            cacheWrite,
            pointsPerDollar: usualPointsPerDollar,
          })),
        ),
        null,
      ),
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
    reasoning: reasoningSchema,
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
    createdTime: toIsoTime(model.created),
    reasoning: model.reasoning,
    parameters: readable(parameterSchema, model.parameters),
  })),
) satisfies v.GenericSchema<unknown, ModelBot>;

/** Poe sends milliseconds; OpenAI's API has seconds. */
function toIsoTime(created: number | null): string | null {
  if (created === null) return null;
  const time = new Date(created > 1e11 ? created : created * 1000);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
