import type {IncomingMessage, ServerResponse} from 'node:http';
import {ServeError} from '../errors/serve-error.js';
import type {ErrorFormat} from '../errors/error-format.js';
import type {Clients} from '../tokens/clients.js';
import type {Activity} from '../activity.js';
import {checkSource, corsHeaders, preflightHeaders, type Sources} from './check-source.js';
import type {Limits} from './limits.js';
import {BodyReader, discardBody, parseJsonBody} from './read-body.js';
import {respondError} from './respond.js';
import type {Exchange, Route} from './route.js';

interface DispatcherDeps {
  routes: readonly Route[];
  sources: Sources;
  clients: Clients;
  activity: Activity;
  limits: Limits;
}

/** Checks each request, before anything of it has an effect, and passes it to its route. */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #bodies: BodyReader;

  constructor(deps: DispatcherDeps) {
    this.#deps = deps;
    this.#bodies = new BodyReader(deps.limits);
  }

  /** Never throws. @param expectsContinue whether the program sends the body only when it is asked to */
  async handle(request: IncomingMessage, response: ServerResponse, expectsContinue = false): Promise<void> {
    const {activity, sources} = this.#deps;
    const {path, query} = targetOf(request);
    const route = this.#deps.routes.find((each) => isRouteOf(path, each));
    const errors = route?.errors ?? 'openai';
    const format = typeof errors === 'function' ? errors(request) : errors;
    const entry = activity.start({method: request.method ?? '', path: route?.path ?? null});
    // Errors of the socket are known by its end.
    response.on('error', () => {});
    response.once('close', () => entry.close(response));
    const exchange: Exchange = {path, query, request, response, signal: entry.signal, facts: entry.facts};
    try {
      checkSource(request, sources);
      for (const [name, value] of Object.entries(corsHeaders(request.headers.origin, sources))) {
        response.setHeader(name, value);
      }
      if (request.method === 'OPTIONS' && request.headers.origin !== undefined) {
        response.writeHead(204, preflightHeaders(request)).end();
        return;
      }
      await this.#answer(exchange, {route, entry, expectsContinue});
    } catch (error) {
      await this.#report(exchange, error, format, expectsContinue);
    }
  }

  async #answer(
    exchange: Exchange,
    {
      route,
      entry,
      expectsContinue,
    }: {route: Route | undefined; entry: ReturnType<Activity['start']>; expectsContinue: boolean},
  ): Promise<void> {
    const {request, response} = exchange;
    if (!route) throw notFound;
    // Node leaves out the body of an answer to HEAD.
    const asked = request.method === 'HEAD' ? 'GET' : request.method;
    const method = route.methods.find((each) => each === asked);
    if (!method) throw wrongMethod(route);
    if (route.access === 'open') return route.handle(exchange);
    const client = this.#deps.clients.authenticate(request);
    entry.admit(client);
    if (method === 'POST') {
      checkContentType(request);
      this.#bodies.checkLength(request);
    }
    if (expectsContinue) response.writeContinue();
    const body = method === 'POST' ? parseJsonBody(await this.#bodies.read(request)) : undefined;
    await route.handle({...exchange, client, body});
  }

  /** A body that was not read would be taken for the next request, so the connection is closed. */
  async #report(exchange: Exchange, cause: unknown, format: ErrorFormat, expectsContinue: boolean): Promise<void> {
    const {request, response, signal} = exchange;
    // An interruption is reported with its reason, such as a revoked token.
    const error = signal.aborted ? signal.reason : cause;
    if (!response.headersSent && !request.complete) {
      if (!expectsContinue) await discardBody(request);
      response.shouldKeepAlive = false;
    }
    respondError(exchange, error, format);
  }
}

/** The path and the query. Nothing is decoded or shortened, so that a path cannot be written in two ways. */
function targetOf({url = ''}: IncomingMessage): {path: string; query: URLSearchParams} {
  const [path = '', ...query] = url.split('?');
  return {path, query: new URLSearchParams(query.join('?'))};
}

const isRouteOf = (path: string, route: Route): boolean =>
  route.path.endsWith('/*') ? path.startsWith(route.path.slice(0, -1)) : path === route.path;

function checkContentType({headers}: IncomingMessage): void {
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
    throw new ServeError(415, 'The body of the request must not be compressed.', {kind: 'invalid_request'});
  }
  if (/^application\/json *(?:;|$)/i.test(headers['content-type'] ?? '')) return;
  throw new ServeError(415, 'The request must have the header "Content-Type: application/json".', {
    kind: 'invalid_request',
  });
}

const notFound = new ServeError(
  404,
  'There is nothing at this path. The base URL ends with /v1 for programs that use the API of OpenAI, and without it for Anthropic.',
  {kind: 'not_found'},
);

function wrongMethod({methods}: Route): ServeError {
  const allowed = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return new ServeError(405, `This path accepts only ${allowed}.`, {
    kind: 'invalid_request',
    headers: {Allow: allowed},
  });
}
