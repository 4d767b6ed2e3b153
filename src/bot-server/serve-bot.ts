import {once} from 'node:events';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {PoeError} from '../core/errors.js';
import {isLoopback} from '../core/http/url.js';
import {checkAccessKey} from './access-key.js';
import {answer, type AnswerDeps, type RequestKind, type ServedBot, withoutSlash} from './answer.js';
import type {Bot, ReplyHandler} from './bot.js';
import {PoeEndpoints, type PoeOptions} from './poe/endpoints.js';

/*
 * The package's entry `poe-cli/bot`.
 */

export type {
  AttachFileOptions,
  Bot,
  BotContext,
  BotOutput,
  ErrorReport,
  FeedbackReport,
  FileContent,
  FileSource,
  ReactionReport,
  ReplyHandler,
} from './bot.js';
export type {AskOptions} from './poe/ask-bot.js';
export type {CostItem} from './poe/cost.js';
export type {
  BotEvent,
  DataEvent,
  ErrorEvent,
  FileEvent,
  JsonEvent,
  MetaEvent,
  ReplaceResponseEvent,
  SuggestedReplyEvent,
  TextEvent,
} from './events.js';
export type {Log, LogEntry} from '../core/log/log.js';
export type {PoeOptions} from './poe/endpoints.js';
export type {BotQuery, QueryAttachment, QueryMessage, QueryUser} from './query.js';
export type {NewMessage} from './wire-message.js';
export {ReplyError, type ReplyErrorOptions, type ReplyErrorType} from './reply-error.js';
export type {RequestKind} from './answer.js';
export type {BotSettings} from './settings.js';
export {updateSettings, type UpdateSettingsOptions} from './poe/update-settings.js';
export type {ReplyLimits} from './write-reply.js';

/** Options of {@link serveBot}. */
export interface ServeBotOptions extends PoeOptions {
  /**
   * The access key of the bots, from their page on poe.com. Null: requests are not checked; they must come from this machine, and
   * the bots cannot ask others.
   */
  accessKey: string | null;
  /** The port to listen on; 0 for any free one. Default: 8080. */
  port?: number | undefined;
  /** The address to listen on. Default: `127.0.0.1`, where a tunnel can reach it. */
  host?: string | undefined;
  /** The size of a request. Default: 16 MiB. */
  maxBodyBytes?: number | undefined;
  /** Milliseconds until the end of a reply. Default: 600,000, Poe's own limit. */
  maxReplyMs?: number | undefined;
  /** The number of events of a reply. Default: 10,000. */
  maxEvents?: number | undefined;
  /** Called with what a bot throws, except a ReplyError. Default: writes it to stderr. */
  onFailure?: ((error: unknown) => void) | undefined;
  /** Called after each request. */
  onRequest?: ((entry: RequestEntry) => void) | undefined;
}

/** A request that was answered. */
export interface RequestEntry {
  /** The path of the bot. */
  path: string;
  kind: RequestKind;
  /** The HTTP status. */
  status: number;
  ms: number;
}

/** A running server for bots. */
export interface BotServer {
  /** Its base URL, without a trailing slash. */
  readonly url: string;
  /** The URLs of the bots, in their order. */
  readonly bots: readonly {readonly handle: string | undefined; readonly path: string; readonly url: string}[];
  /** Stops listening, waits for replies that are being written, and ends those that take longer. */
  close(options?: CloseOptions): Promise<void>;
}

export interface CloseOptions {
  /** Milliseconds to wait for replies. Default: 0. */
  waitMs?: number | undefined;
}

const defaults = {maxBodyBytes: 16 * 1024 * 1024, maxReplyMs: 600_000, maxEvents: 10_000};

/**
 * Serves one or more bots with Poe's protocol for bots, as fastapi_poe does.
 *
 * @example
 * const server = await serveBot(
 *   async function* ({message}) {
 *     yield `You wrote: ${message.content}`;
 *   },
 *   {accessKey: process.env.POE_ACCESS_KEY ?? null},
 * );
 *
 * @throws PoeError `usage` for an invalid access key, or two bots with the same path; the system's error if the port cannot be
 *   used, for example with `code: 'EADDRINUSE'`
 */
export async function serveBot(
  bot: ReplyHandler | Bot | readonly Bot[],
  {port = 8080, host = '127.0.0.1', ...options}: ServeBotOptions,
): Promise<BotServer> {
  const bots = botsOf(bot, options.accessKey);
  if (!isLoopback(host) && [...bots.values()].some(({accessKey}) => accessKey === null)) {
    throw new PoeError('usage', `A bot without an access key cannot be served at ${host}`, {
      hint: 'Set the access key, or listen on 127.0.0.1.',
    });
  }
  const stop = new AbortController();
  const {onFailure = logFailure} = options;
  const deps: AnswerDeps = {
    bots,
    endpoints: new PoeEndpoints(options),
    limits: {...defaults, ...definedLimits(options)},
    stopping: stop.signal,
    onFailure,
  };
  const server = createServer({requestTimeout: 60_000}, (request, response) => {
    void answerAndLog(request, response, deps, options.onRequest);
  });
  server.listen(port, host);
  await once(server, 'listening');
  // The address of a server that listens on TCP.
  const {port: actualPort} = server.address() as AddressInfo;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`;
  return {
    url,
    bots: [...bots.values()].map(({handle, path}) => ({handle, path, url: path === '/' ? url : url + path})),
    close: ({waitMs = 0} = {}) => close(server, stop, waitMs),
  };
}

/** The bots by their paths. @throws PoeError `usage` */
function botsOf(given: ReplyHandler | Bot | readonly Bot[], defaultKey: string | null): Map<string, ServedBot> {
  const list: readonly Bot[] = typeof given === 'function' ? [{reply: given}] : 'reply' in given ? [given] : given;
  const bots = new Map<string, ServedBot>();
  for (const bot of list) {
    const path = withoutSlash(bot.path ?? '/');
    if (!path.startsWith('/'))
      throw new PoeError('usage', `The path ${JSON.stringify(path)} does not start with a slash`);
    if (bots.has(path)) throw new PoeError('usage', `Two bots have the path ${path}`);
    const key = bot.accessKey ?? defaultKey;
    bots.set(path, {...bot, path, accessKey: key === null ? null : checkAccessKey(key)});
  }
  return bots;
}

function definedLimits({maxBodyBytes, maxReplyMs, maxEvents}: ServeBotOptions) {
  return {
    ...(maxBodyBytes !== undefined && {maxBodyBytes}),
    ...(maxReplyMs !== undefined && {maxReplyMs}),
    ...(maxEvents !== undefined && {maxEvents}),
  };
}

async function answerAndLog(
  request: IncomingMessage,
  response: ServerResponse,
  deps: AnswerDeps,
  onRequest: ServeBotOptions['onRequest'],
): Promise<void> {
  const startedAt = performance.now();
  const kind = await answer(request, response, deps);
  const path = withoutSlash((request.url ?? '/').replace(/\?.*/s, ''));
  onRequest?.({path, kind, status: response.statusCode, ms: Math.round(performance.now() - startedAt)});
}

// oxlint-disable-next-line no-console -- Otherwise nobody would learn why a bot fails.
const logFailure = (error: unknown): void => console.error(error);

async function close(server: Server, stop: AbortController, waitMs: number): Promise<void> {
  const closed = server.listening ? once(server, 'close') : undefined;
  server.close();
  // Connections stay open for a while after their last response.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  const timers = [
    setTimeout(() => stop.abort(), waitMs),
    // For clients that do not read their reply.
    setTimeout(() => server.closeAllConnections(), waitMs + 1000),
  ];
  await closed;
  for (const timer of [idle, ...timers]) clearTimeout(timer);
}
