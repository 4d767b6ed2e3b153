import type {IncomingMessage} from 'node:http';
import {ServeError} from '../errors/serve-error.js';
import type {ErrorFormat} from '../errors/error-format.js';
import {respondJson} from '../http/respond.js';
import type {ClientExchange, ClientRoute} from '../http/route.js';
import type {ServeBackend, ServedModel} from '../serve-backend.js';
import {mayUse} from '../tokens/bot-patterns.js';

/** Whether a program uses Anthropic's format: only that has a version in a header. */
const isAnthropic = ({headers}: IncomingMessage): boolean => headers['anthropic-version'] !== undefined;
const errors = (request: IncomingMessage): ErrorFormat => (isAnthropic(request) ? 'anthropic' : 'openai');

/** The bots that a token allows, in OpenAI's or Anthropic's format, and a single one. */
export const modelRoutes = (backend: ServeBackend): ClientRoute[] => [
  {
    path: '/v1/models',
    methods: ['GET'],
    errors,
    access: 'token',
    async handle(exchange) {
      const models = await allowedModels(backend, exchange);
      const list = isAnthropic(exchange.request) ? anthropicList(models) : {object: 'list', data: models.map(toOpenai)};
      respondJson(exchange.response, list);
    },
  },
  {
    path: '/v1/models/*',
    methods: ['GET'],
    errors,
    access: 'token',
    async handle(exchange) {
      const id = decode(exchange.path.slice('/v1/models/'.length)).toLowerCase();
      const model = (await allowedModels(backend, exchange)).find((each) => each.id.toLowerCase() === id);
      if (!model) throw new ServeError(404, 'There is no such model.', {kind: 'not_found', code: 'model_not_found'});
      respondJson(exchange.response, isAnthropic(exchange.request) ? toAnthropic(model) : toOpenai(model));
    },
  },
];

async function allowedModels(backend: ServeBackend, {client, signal}: ClientExchange): Promise<ServedModel[]> {
  return (await backend.models({signal})).filter(({id}) => mayUse(client.bots, id));
}

/** Editors read the last three fields: they are those of OpenRouter. */
const toOpenai = ({id, displayName, ownedBy, createdTime, contextTokens, outputTokens, takes, gives}: ServedModel) => ({
  id,
  object: 'model',
  created: createdTime === null ? 0 : Math.floor(Date.parse(createdTime) / 1000),
  owned_by: ownedBy ?? 'poe',
  name: displayName ?? id,
  context_length: contextTokens,
  top_provider: {context_length: contextTokens, max_completion_tokens: outputTokens},
  architecture: {input_modalities: takes, output_modalities: gives},
});

const toAnthropic = ({id, displayName, createdTime}: ServedModel) => ({
  type: 'model',
  id,
  display_name: displayName ?? id,
  created_at: createdTime ?? new Date(0).toISOString(),
});

/** All of them are on the first page. */
const anthropicList = (models: readonly ServedModel[]) => ({
  data: models.map(toAnthropic),
  has_more: false,
  first_id: models[0]?.id ?? null,
  last_id: models.at(-1)?.id ?? null,
});

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
