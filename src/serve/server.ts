import {createServer, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import type {Ledger} from '../core/spending/ledger.js';
import type {StoredToken} from '../store/serve/token-file.js';
import {Activity, type ServedRequest} from './activity.js';
import {isLoopbackName, type Sources} from './http/check-source.js';
import {limitIdleConnections} from './http/connections.js';
import {Dispatcher} from './http/dispatcher.js';
import {defaultLimits, type Limits} from './http/limits.js';
import type {Route} from './http/route.js';
import {botRoutes} from './routes/bot-routes.js';
import {modelRoutes} from './routes/model-routes.js';
import {countTokensRoute, embeddingsRoute, healthRoute, newServerId} from './routes/other-routes.js';
import {newStatusKey, statusRoutes} from './routes/status-routes.js';
import type {ServeBackend} from './serve-backend.js';
import type {ClientSpending} from './server-status.js';
import {statusOf} from './status-of.js';
import {Clients} from './tokens/clients.js';

export interface ServeOptions {
  backend: ServeBackend;
  /** The tokens as they are now. */
  tokens: () => readonly StoredToken[];
  /** The ledger of the profile. */
  ledger: Ledger;
  /** Default: any free port. */
  port?: number | undefined;
  /** The address to listen on. Default: 127.0.0.1. */
  address?: string | undefined;
  /** Further names by which programs may reach the server, such as `host.docker.internal`. Default: none. */
  hosts?: readonly string[] | undefined;
  /** The origins of web pages that may use the server. Default: none. */
  origins?: readonly string[] | undefined;
  /** What was spent today, by program; undefined if it is not stored. */
  spending?: (() => Promise<readonly ClientSpending[]>) | undefined;
  /** Further paths, such as `/mcp`. */
  routes?: readonly Route[] | undefined;
  limits?: Partial<Limits> | undefined;
  /** Called when a request has been answered. */
  log: (request: ServedRequest) => void;
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:4567`. */
  readonly url: string;
  readonly port: number;
  /** In `/health`. */
  readonly id: string;
  /** Reads `/status`, and the page at `/`. */
  readonly statusKey: string;
  /** Whether other machines can connect. */
  readonly isPublic: boolean;
  /** How many requests are being answered. */
  active(): number;
  /** Stops accepting requests, and waits until those that have started are answered, or cancels them after a while. */
  close(): Promise<void>;
}

/** How often to look for tokens that have been revoked, while requests are answered. */
const revocationMs = 1_000;

/**
 * Starts the server.
 * @throws the system's error if it cannot listen, such as with `code: 'EADDRINUSE'`
 */
export async function startServer(options: ServeOptions): Promise<RunningServer> {
  const {backend, address = '127.0.0.1', port = 0, hosts = [], origins = []} = options;
  const limits: Limits = {...defaultLimits, ...options.limits};
  const id = newServerId();
  const isPublic = !isLoopbackName(address);
  const names = [address, ...hosts].map((name) => name.toLowerCase());
  const sources: Sources = {hosts: new Set(names), isPublic, origins: new Set(origins)};
  const clients = new Clients(options.tokens, options.ledger);
  const activity = new Activity(limits, options.log);
  const statusKey = newStatusKey();
  const startedTime = new Date().toISOString();
  const status = async () => statusOf({...options, url: urlOf(address, boundPort), startedTime, activity});
  let boundPort = port;
  const routes = [
    healthRoute(id),
    ...statusRoutes(statusKey, status),
    ...modelRoutes(backend),
    ...botRoutes(backend, limits),
    countTokensRoute,
    embeddingsRoute,
    ...(options.routes ?? []),
  ];
  const server = createHttpServer(new Dispatcher({routes, sources, clients, activity, limits}), limits);
  await listen(server, port, address);
  // Listening on a port always gives this kind of address.
  boundPort = (server.address() as AddressInfo).port;
  const revocations = setInterval(() => activity.abortUnless((client) => clients.isCurrent(client)), revocationMs);
  revocations.unref();
  return {
    url: urlOf(address, boundPort),
    port: boundPort,
    id,
    statusKey,
    isPublic,
    active: () => activity.counts.active,
    async close() {
      clearInterval(revocations);
      activity.stop();
      server.close();
      server.closeIdleConnections();
      await activity.idle(limits.graceMs);
      activity.abortAll();
      await activity.idle(1_000);
      server.closeAllConnections();
      backend.close();
    },
  };
}

const urlOf = (address: string, port: number): string =>
  `http://${address.includes(':') ? `[${address}]` : address}:${port}`;

function createHttpServer(dispatcher: Dispatcher, limits: Limits): Server {
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headersMs),
    requireHostHeader: true,
    // Whatever NODE_OPTIONS says: a strict parser refuses requests that two programs could read in different ways.
    insecureHTTPParser: false,
    maxHeaderSize: 16_384,
  });
  server.setTimeout(limits.inactiveMs);
  const openResponses = limitIdleConnections(server, limits.idleConnections);
  server.on('request', (request, response) => void dispatcher.handle(request, response));
  server.on('checkContinue', (request, response) => void dispatcher.handle(request, response, true));
  server.on('clientError', (error, socket: Socket) => refuse(error, socket, openResponses(socket)));
  return server;
}

/** Answers what is not HTTP, is too large, or is too slow. @param open the responses of earlier requests, or of this one */
function refuse(error: NodeJS.ErrnoException, socket: Socket, open: readonly ServerResponse[]): void {
  // The program would take the answer for a part of an earlier one, or for all of it, and send that request again.
  const isMistakable = open.some((response) => response.headersSent || response.req.complete);
  if (!socket.writable || error.code === 'ECONNRESET' || isMistakable) return void socket.destroy();
  const status = statuses[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

const statuses: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
