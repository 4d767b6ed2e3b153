import {once} from 'node:events';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import {setTimeout as pause} from 'node:timers/promises';
import type {SiteVersion} from '../../core/web/protocol/operations.js';
import {apiKey, isApiPath, serveApi} from '../api/api.js';
import {clientId, SignIns} from '../api/sign-in.js';
import {uploadPath} from '../api/upload.js';
import {VideoJobs} from '../api/media/video-jobs.js';
import {PromptCache} from '../api/messages/prompt-cache.js';
import {UsageLedger} from '../api/usage.js';
import {toResponse} from '../faults/fault-response.js';
import {Faults} from '../faults/faults.js';
import {Channels} from '../live/channel.js';
import {openSocket} from '../live/sockets.js';
import {siteFacts} from '../site/facts.js';
import {FormKey} from '../site/form-key.js';
import {Hashes} from '../site/hashes.js';
import {addServerBot} from '../server-bots/add-server-bot.js';
import type {BotServer} from '../server-bots/ask-server.js';
import type {SandboxSite} from '../site/site.js';
import type {PastChat} from '../world/past-chats.js';
import {World} from '../world/world.js';
import {type HttpResponse, readRequest, type RecordedRequest, recordRequest} from './http.js';
import {route} from './routes.js';

interface SiteOptions {
  port?: number;
  pace?: number;
  latencyMs?: number;
  site?: SiteVersion;
  chats?: Iterable<PastChat>;
}

/**
 * Serves a simulated site on 127.0.0.1.
 * @returns the public sandbox, and the site behind it for tests that change it while it runs
 * @throws the system's error if the port cannot be used
 */
export async function serveSite({
  port = 0,
  pace = 1,
  latencyMs = 0,
  site: siteVersion = '2026-08',
  chats,
}: SiteOptions = {}) {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // The address of a server that listens on TCP.
  const site = createSite((server.address() as AddressInfo).port, {
    pace,
    latencyMs,
    siteVersion,
    world: new World(chats),
  });
  const requests: RecordedRequest[] = [];
  const record = (request: RecordedRequest) => {
    requests.push(request);
    if (requests.length > maxRequests) requests.shift();
    return request;
  };
  const connections = new Set<Socket>();
  server.on('connection', (socket) => {
    // `ignoreOffer` passes connections on again.
    if (connections.has(socket)) return;
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (request, response) => {
    void answer(request, response, site, record).catch((error: unknown) => reportFailure(response, error));
  });
  server.on('upgrade', (request, socket: Socket, head) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') openSocket(request, socket, head, {site, record});
    else ignoreOffer(server, request, {socket, head});
  });

  const {tokens, url, world} = site;
  const sandbox = {
    url,
    site: siteVersion,
    tokens,
    apiUrl: url,
    apiKey,
    uploadUrl: url + uploadPath,
    clientId,
    env: {
      POE_BASE_URL: url,
      POE_P_B: tokens.pB,
      POE_P_LAT: tokens.pLat,
      POE_API_URL: url,
      POE_UPLOAD_URL: url + uploadPath,
    },
    requests,
    addServerBot: (handle: string, server: BotServer) => addServerBot(handle, server, world),
    async close() {
      world.stop();
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
  return {sandbox, site};
}

const maxRequests = 1000;

/**
 * Serves a request that offers another protocol, such as HTTP/2, as if it did not. A server without WebSockets does that by itself, but
 * with them, Node passes on every request with an offer.
 */
function ignoreOffer(
  server: Server,
  {method, url, httpVersion, headers, rawHeaders}: IncomingMessage,
  {socket, head}: {socket: Socket; head: Buffer},
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    if (!/^(connection|upgrade|http2-settings)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  if (/\bclose\b/i.test(headers.connection ?? '')) lines.push('Connection: close');
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

function createSite(
  port: number,
  {pace, latencyMs, siteVersion, world}: {pace: number; latencyMs: number; siteVersion: SiteVersion; world: World},
): SandboxSite {
  // A copy: faults change it.
  const facts = {...siteFacts[siteVersion]};
  const formKey = new FormKey(facts.isKeySeeded);
  const hashes = new Hashes(siteVersion);
  const faults = new Faults(facts, formKey, hashes);
  return {
    facts,
    url: `http://127.0.0.1:${port}`,
    cdnUrl: `http://localhost:${port}`,
    baseHost: `localhost:${port}`,
    tokens: {pB: 'c2FuZGJveC1zZXNzaW9u%2Bp-b%3D%3D', pLat: 'c2FuZGJveC1zZXNzaW9u%2Bp-lat%3D'},
    formKey,
    hashes,
    faults,
    apiFiles: [],
    ledger: new UsageLedger(),
    promptCache: new PromptCache(),
    signIns: new SignIns(faults),
    videoJobs: new VideoJobs(),
    world,
    channels: new Channels(faults),
    pace,
    latencyMs,
  };
}

/** Reads, records and answers a request, then does the work that follows the response, such as writing a reply. */
async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  site: SandboxSite,
  record: (request: RecordedRequest) => RecordedRequest,
): Promise<void> {
  const closed = new Promise<void>((resolve) => void response.once('close', resolve));
  const request = await readRequest(incoming);
  const recorded = record(recordRequest(request));
  const send = async ({status, headers = {}, body = ''}: HttpResponse) => {
    recorded.status = status;
    response.writeHead(status, headers).end(body);
    await closed;
  };

  if (site.latencyMs > 0) await pause(site.latencyMs);
  const path = request.url.pathname;
  const operation = site.hashes.operationNamed(recorded.queryName ?? '');
  const fault = site.faults.takeResponse(path, operation);
  if (fault === 'silence') return;
  if (fault === 'drop') return void response.destroy();
  if (fault) return send(toResponse(fault));

  if (isApiPath(path)) {
    recorded.status = await serveApi(request, response, site);
    return;
  }
  const execute = () => void route(request, site).then(({afterResponse}) => afterResponse?.());
  if (site.faults.delays(operation, execute)) return void response.destroy();
  const result = await route(request, site);
  const {eventsFirst} = site.faults.replies;
  if (eventsFirst) await result.afterResponse?.();
  const lost = result.operation && site.faults.takeLostResponse(result.operation);
  if (lost === 'drop') response.destroy();
  if (!lost) await send(result.response);
  site.faults.answered(path, operation);
  if (!eventsFirst) await result.afterResponse?.();
}

/** Answers a request on which the sandbox itself failed. @throws the failure if a response has already started */
function reportFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent) throw error;
  response.writeHead(500, {'Content-Type': 'text/plain'});
  response.end(`The sandbox failed: ${error instanceof Error ? error.stack : String(error)}`);
}
