import * as v from 'valibot';
import {type HttpResponse, json, parseJson, type SandboxRequest} from '../server/http.js';
import type {World} from '../world/world.js';
import type {ApiBotSettings, OwnBot} from '../world/own-bots.js';
import {errorResponse} from './errors.js';

/* `/bots` and `/bots/{handle}`: bots with an endpoint of one's own (Poe's documentation of the Bots REST API, 2026). */

const price = v.pipe(v.string(), v.regex(/^\d+(?:\.\d+)?$/));
const Settings = v.strictObject({
  model_name: v.optional(v.string()),
  base_url: v.optional(v.pipe(v.string(), v.url())),
  api_key: v.optional(v.string()),
  api_type: v.optional(v.picklist(['chat_completions_api', 'responses_api'])),
  max_input_tokens: v.optional(v.pipe(v.number(), v.integer())),
  context_size: v.optional(v.pipe(v.number(), v.integer())),
  input_modalities: v.optional(v.array(v.picklist(['text', 'image', 'video']))),
  output_modalities: v.optional(v.array(v.picklist(['text']))),
  supported_features: v.optional(v.array(v.picklist(['tools']))),
  param_definitions: v.optional(v.array(v.looseObject({param_name: v.string(), param_dest: v.literal('extra_body')}))),
  pricing: v.optional(
    v.looseObject({prompt: v.optional(price), completion: v.optional(price), input_cache_reads: v.optional(price)}),
  ),
});
const Body = v.strictObject({
  handle: v.optional(v.string()),
  description: v.optional(v.string()),
  is_private: v.optional(v.boolean()),
  api_bot_settings: v.optional(Settings),
  parameter_controls: v.optional(v.looseObject({api_version: v.literal('2'), sections: v.array(v.unknown())})),
});
type Body = v.InferOutput<typeof Body>;

export const isOwnBotsPath = (path: string): boolean => /^\/bots(?:\/[^/]+)?$/.test(path);

export function answerOwnBots(request: SandboxRequest, world: World): HttpResponse {
  const {method, url, signed} = request;
  const [, name] = /^\/bots\/([^/]+)$/.exec(url.pathname) ?? [];
  const handle = name === undefined ? undefined : decodeURIComponent(name);
  if (method === 'GET' && handle === undefined) return json(200, {bots: world.ownBots.all.map(botEntry)});
  if (method === 'GET' || method === 'DELETE') {
    const own = world.ownBots.find(handle ?? '');
    if (!own) return missing(handle ?? '');
    if (method === 'GET') return json(200, botEntry(own));
    world.ownBots.remove(own);
    return json(200, {});
  }
  const parsed = v.safeParse(Body, parseJson(Buffer.from(signed).toString('utf8')));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return errorResponse(400, `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`);
  }
  const isNamed = handle !== undefined;
  if (isNamed !== (method === 'PUT' || method === 'PATCH')) return errorResponse(405, 'Method not allowed.');
  return save(handle ?? parsed.output.handle ?? '', parsed.output, {method, world});
}

function save(handle: string, body: Body, {method, world}: {method: string; world: World}): HttpResponse {
  const own = world.ownBots.find(handle);
  if (!own && method === 'PATCH') return missing(handle);
  if (!own && !/^[a-zA-Z0-9_.-]{4,20}$/.test(handle)) return errorResponse(400, 'create_bot_status: "invalid_handle"');
  if (!own && world.bot(handle)) return errorResponse(400, 'create_bot_status: "handle_already_taken"');
  const bot = own ?? world.ownBots.add(handle);
  const before = method === 'PUT' ? null : bot.api;
  const {api_key: key = method === 'PUT' ? null : bot.key, ...given} = body.api_bot_settings ?? {};
  const settings: ApiBotSettings = {
    description: body.description ?? before?.description ?? '',
    is_private: body.is_private ?? before?.is_private ?? true,
    api_bot_settings: {...before?.api_bot_settings, ...given},
    parameter_controls: body.parameter_controls ?? before?.parameter_controls ?? null,
  };
  world.ownBots.setApi(bot, settings, key);
  return own ? json(200, {edit_bot_status: 'success'}) : json(201, {create_bot_status: 'success'});
}

/** Bots of the site are listed too, without the settings of an endpoint. */
const botEntry = ({bot, api}: OwnBot) => ({
  handle: bot.handle,
  description: bot.description,
  is_private: bot.isPrivate ?? false,
  ...(api && {api_bot_settings: api.api_bot_settings}),
  ...(api?.parameter_controls && {parameter_controls: api.parameter_controls}),
});

const missing = (handle: string): HttpResponse =>
  json(404, {error: {message: `Bot ${handle} does not exist or access denied`}});
