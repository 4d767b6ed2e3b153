import type {IncomingMessage, ServerResponse} from 'node:http';
import * as v from 'valibot';
import {isLoopback, parseUrl} from '../core/http/url.js';
import {parseJson} from '../core/http/json.js';
import {hasAccessKey} from './access-key.js';
import {askBot} from './poe/ask-bot.js';
import {attachFile} from './poe/attach-file.js';
import {requestCost} from './poe/cost.js';
import {insertAttachments} from './attachments.js';
import type {Bot, BotContext, BotOutput} from './bot.js';
import {PoeError} from '../core/errors.js';
import type {PoeEndpoints} from './poe/endpoints.js';
import {describeIssue, parseQuery} from './parse-query.js';
import type {BotQuery} from './query.js';
import {readBody} from './read-body.js';
import {type BotSettings, toWireSettings} from './settings.js';
import {type ReplyLimits, writeReply} from './write-reply.js';

/** A bot with its key. */
export interface ServedBot extends Omit<Bot, 'accessKey' | 'path'> {
  path: string;
  /** Null: requests are not checked, but must name this machine as their host. */
  accessKey: string | null;
}

export interface AnswerDeps {
  bots: ReadonlyMap<string, ServedBot>;
  endpoints: PoeEndpoints;
  limits: ReplyLimits & {maxBodyBytes: number};
  /** Aborted when the server stops. */
  stopping: AbortSignal;
  onFailure: (error: unknown) => void;
}

/** What was requested, for a log. */
export type RequestKind = 'query' | 'settings' | 'report_feedback' | 'report_reaction' | 'report_error' | 'other';

/** Answers a request. Never rejects. @returns what was requested */
export async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  deps: AnswerDeps,
): Promise<RequestKind> {
  const path = parseUrl(request.url ?? '/', new URL('http://bot.invalid'))?.pathname ?? '/';
  const bot = deps.bots.get(withoutSlash(path));
  const refusal = bot ? refusalOf(request, bot) : {status: 404, detail: 'Not Found'};
  if (refusal || !bot) return refuse(response, refusal ?? {status: 404, detail: 'Not Found'});
  if (request.method === 'GET') return greet(response);
  const text = await readBody(request, deps.limits.maxBodyBytes).catch(() => undefined);
  if (text === undefined) return refuse(response, {status: 413, detail: 'The request is too large', close: true});
  const parsed = v.safeParse(bodySchema, parseJson(text));
  if (!parsed.success)
    return refuse(response, {status: 400, detail: `Invalid request: ${describeIssue(parsed.issues)}`});
  const body = parsed.output;
  switch (body.type) {
    case 'query': {
      const query = parseQuery(body);
      if (typeof query === 'string') return refuse(response, {status: 400, detail: `Invalid query: ${query}`});
      await reply(query, bot, response, deps);
      return 'query';
    }
    case 'settings':
      await respond(response, deps, async () => toWireSettings(await settingsOf(bot)));
      return 'settings';
    case 'report_feedback':
    case 'report_reaction':
    case 'report_error':
      await respond(response, deps, () => report(body, bot));
      return body.type;
    default:
      return refuse(response, {status: 501, detail: 'Unsupported request type'});
  }
}

const bodySchema = v.looseObject({type: v.string()});

interface Refusal {
  status: number;
  detail: string;
  headers?: Readonly<Record<string, string>>;
  /** Whether the rest of the request is not read. */
  close?: boolean;
}

/** Why a request is not answered, before its body is read. */
function refusalOf({method, headers}: IncomingMessage, bot: ServedBot): Refusal | undefined {
  // Web pages can make browsers send requests to this machine, but not with the host name of this machine in them.
  const host = parseUrl(`http://${headers.host ?? ''}`)?.hostname ?? '';
  if (bot.accessKey === null && !isLoopback(host)) {
    return {status: 403, detail: 'Without an access key, the bot answers only requests from this machine'};
  }
  if (method === 'GET') return undefined;
  if (method !== 'POST') return {status: 405, detail: 'Method Not Allowed', headers: {Allow: 'GET, POST'}};
  if (bot.accessKey !== null && !hasAccessKey(headers.authorization, bot.accessKey)) {
    return {status: 401, detail: 'Invalid access key', headers: {'WWW-Authenticate': 'Bearer'}, close: true};
  }
  if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) {
    return {status: 415, detail: 'The request body must be JSON'};
  }
  return undefined;
}

function refuse(response: ServerResponse, {status, detail, headers, close = false}: Refusal): RequestKind {
  if (response.destroyed) return 'other';
  const more = close ? {Connection: 'close'} : {};
  response.writeHead(status, {...headers, ...more, 'Content-Type': 'application/json'}).end(JSON.stringify({detail}));
  return 'other';
}

function greet(response: ServerResponse): RequestKind {
  response.writeHead(200, {'Content-Type': 'text/plain; charset=utf-8'});
  response.end('This is a bot server for Poe. Enter its public URL on the page of your bot on poe.com.\n');
  return 'other';
}

async function reply(query: BotQuery, bot: ServedBot, response: ServerResponse, deps: AnswerDeps): Promise<void> {
  const {endpoints, limits, stopping} = deps;
  const ended = new AbortController();
  const {signal} = ended;
  const access = () => {
    if (bot.accessKey !== null) return {endpoints, accessKey: bot.accessKey, signal};
    throw new PoeError('usage', 'Only a bot with an access key can ask other bots, attach files or charge users');
  };
  const context: BotContext = {
    signal,
    async *ask(handle, options = {}) {
      yield* askBot(handle, query, options, access());
    },
    attach: async (source, options = {}) => attachFile(source, options, access()),
    authorizeCost: async (items) => requestCost('authorize', query.botQueryId, items, access()),
    captureCost: async (items) => requestCost('capture', query.botQueryId, items, access()),
  };
  const asked = bot.insertsAttachments === false ? query : insertAttachments(query);
  await writeReply(
    outputsOf(() => bot.reply(asked, context)),
    response,
    {
      ...limits,
      stopping,
      ended,
      onFailure: deps.onFailure,
    },
  );
}

/** What a handler returns, as a sequence. */
async function* outputsOf(reply: () => ReturnType<Bot['reply']>): AsyncGenerator<BotOutput, void, undefined> {
  const result = await reply();
  // A script in JavaScript may return anything; what is not an event is reported.
  if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result) yield* result;
  else yield result;
}

/** Responds with JSON, or reports that the bot failed. */
async function respond(response: ServerResponse, {onFailure}: AnswerDeps, work: () => Promise<object>): Promise<void> {
  try {
    const body = JSON.stringify(await work());
    response.writeHead(200, {'Content-Type': 'application/json'}).end(body);
  } catch (error) {
    onFailure(error);
    refuse(response, {status: 500, detail: 'Internal server error'});
  }
}

export const settingsOf = async ({settings = {}}: Pick<Bot, 'settings'>): Promise<BotSettings> =>
  typeof settings === 'function' ? settings() : settings;

const text = v.fallback(v.optional(v.string(), ''), '');
const reportSchema = v.object({
  message_id: text,
  user_id: text,
  conversation_id: text,
  feedback_type: text,
  reaction: text,
  message: text,
  metadata: v.fallback(v.optional(v.record(v.string(), v.unknown()), {}), {}),
});

async function report(body: v.InferOutput<typeof bodySchema>, bot: ServedBot): Promise<object> {
  const {message_id, user_id, conversation_id, feedback_type, reaction, message, metadata} = v.parse(
    reportSchema,
    body,
  );
  const about = {messageId: message_id, userId: user_id, conversationId: conversation_id};
  if (body.type === 'report_feedback') await bot.onFeedback?.({...about, feedbackType: feedback_type});
  else if (body.type === 'report_reaction') await bot.onReaction?.({...about, reaction});
  else await bot.onErrorReport?.({message, metadata});
  return {};
}

/** A path as it is compared: with or without a slash at its end. */
export const withoutSlash = (path: string): string => path.replace(/\/+$/, '') || '/';
