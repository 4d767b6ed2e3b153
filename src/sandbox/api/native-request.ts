import * as v from 'valibot';
import {type HttpResponse, json, parseJson, type SandboxRequest} from '../server/http.js';
import type {SandboxSite} from '../site/site.js';
import type {BotServer} from '../server-bots/ask-server.js';
import {errorResponse} from './errors.js';
import {findModel, isUnlisted} from './models.js';
import type {ApiFile} from './upload.js';

const Attachment = v.object({url: v.string(), content_type: v.string(), name: v.string()});

const Message = v.object({
  role: v.picklist(['system', 'user', 'bot', 'tool']),
  content: v.string(),
  content_type: v.picklist(['text/markdown', 'text/plain']),
  parameters: v.optional(v.record(v.string(), v.unknown()), {}),
  attachments: v.optional(v.array(Attachment), []),
});

/** As fastapi_poe sends it. Fields to which it adds a default may be missing. */
const Request = v.object({
  version: v.literal('1.2'),
  type: v.literal('query'),
  query: v.pipe(v.array(Message), v.minLength(1)),
  user_id: v.string(),
  conversation_id: v.string(),
  message_id: v.string(),
  metadata: v.optional(v.string()),
  api_key: v.optional(v.literal('<missing>')),
  access_key: v.optional(v.literal('<missing>')),
  temperature: v.nullish(v.pipe(v.number(), v.minValue(0))),
  skip_system_prompt: v.optional(v.boolean()),
  logit_bias: v.optional(v.record(v.string(), v.number())),
  stop_sequences: v.optional(v.array(v.string())),
});

/** What fastapi_poe reports to a bot besides, such as an event that it does not know. */
const Report = v.object({type: v.picklist(['report_error', 'report_feedback', 'report_reaction'])});

/** A request in Poe's own protocol for bots. */
export interface NativeRequest {
  model: string;
  query: v.InferOutput<typeof Message>[];
  temperature: number | null;
  stop: readonly string[];
  files: readonly ApiFile[];
  /** The server that writes the reply, and what it receives. */
  relay?: {server: BotServer; body: object};
  /** The base URL of files. */
  cdnUrl: string;
}

/** Parses a request. It rejects a key in the body, other protocol versions and files that were not uploaded here. */
export function parseNative(
  model: string,
  {signed, headers}: SandboxRequest,
  {apiFiles, cdnUrl, world}: Pick<SandboxSite, 'apiFiles' | 'cdnUrl' | 'world'>,
): NativeRequest | HttpResponse {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) {
    return errorResponse(415, 'The request body must be JSON.');
  }
  const body = parseJson(Buffer.from(signed).toString('utf8'));
  if (v.is(Report, body)) return json(200, {});
  const parsed = v.safeParse(Request, body);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return errorResponse(400, `Invalid query: ${v.getDotPath(issue) ?? 'body'}: ${issue.message}`);
  }
  const isKnown = findModel(model) ?? (isUnlisted(model) || world.ownBots.find(model));
  if (!isKnown) return errorResponse(404, `Bot ${model} not found.`);
  const {query, temperature = null, stop_sequences: stop = []} = parsed.output;
  const attachments = query.flatMap((message) => message.attachments);
  const files = attachments.flatMap(({url}) => apiFiles.find((file) => file.url === url) ?? []);
  if (files.length < attachments.length) return errorResponse(400, 'An attachment was not uploaded.');
  const server = world.ownBots.find(model)?.bot.server;
  return {model, query, temperature, stop, files, cdnUrl, ...(server && {relay: {server, body: Object(body)}})};
}
