import {once} from 'node:events';
import {createServer, type IncomingMessage, type ServerResponse, STATUS_CODES} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {WebSocketServer} from 'ws';
import {Channels} from '../live/channel.js';
import {answerOf} from '../faults/fault-response.js';
import {Faults} from '../faults/faults.js';
import type {SiteVersion} from '../../core/web/protocol/operations.js';
import {forms, Rules} from '../site/facts.js';
import {FormKey} from '../site/form-key.js';
import {Hashes} from '../site/hashes.js';
import {type HttpAnswer, readRequest, requestUrl, type SeenRequest, seenRequest} from './http.js';
import {admit} from '../live/sockets.js';
import {apiKey, isOfApi, serveApi} from '../api/api.js';
import {clientId, SignIns} from '../api/sign-in.js';
import {uploadPath} from '../api/upload.js';
import {Ledger} from '../api/usage.js';
import {route} from './routes.js';
import type {SandboxSite} from '../site/site.js';
import {World} from '../world/world.js';

export type {SeenRequest} from './http.js';

export interface SandboxOptions {
  /** 0 takes any free one. */
  port?: number;
  /** Factor on all of the bots' waits. */
  pace?: number;
  /** The form of poe.com to serve, by the month in which it was so. Default `2025-03`. */
  site?: SiteVersion;
}

/** A stand-in of poe.com on this machine, which lives until it is closed. */
export interface Sandbox {
  /** The base URL. */
  readonly url: string;
  /** The cookies of the one session it knows. */
  readonly tokens: {pB: string; pLat: string};
  /** The address of Poe's API, and the one key it takes. */
  readonly apiUrl: string;
  /** Where the files of its users go, which on the real Poe is another host. */
  readonly uploadUrl: string;
  readonly apiKey: string;
  /** The one client that may sign in with Poe, and what comes of it. */
  readonly clientId: string;
  readonly signIns: SignIns;
  /** The form key of the moment. */
  readonly formKey: string;
  /** The environment that points any client of Poe at it. */
  readonly env: Record<string, string>;
  readonly world: World;
  readonly faults: Faults;
  /** What it was asked, newest last; the latest 1000. */
  readonly requests: readonly SeenRequest[];
  /** Ends all connections and bots at once. */
  close(): Promise<void>;
}

/** Serves the site on 127.0.0.1. @throws when the port is taken */
export async function startSandbox({
  port = 0,
  pace = 1,
  site: siteVersion = '2025-03',
}: SandboxOptions = {}): Promise<Sandbox> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has an address of this kind.
  const site = newSite((server.address() as AddressInfo).port, pace, siteVersion);
  const requests: SeenRequest[] = [];
  const connections = new Set<Socket>();
  const live = new WebSocketServer({noServer: true, perMessageDeflate: false, maxPayload: 1 << 20});
  const note = (seen: SeenRequest) => {
    requests.push(seen);
    if (requests.length > mostRequests) requests.shift();
    return seen;
  };
  server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  server.on('request', (request, response) => {
    void answer(request, response, site, note).catch((error: unknown) => fail(response, error));
  });
  server.on('upgrade', (request, socket, head) => openSocket(request, socket, head, {site, live, note}));

  const {tokens, url, world, faults, signIns} = site;
  return {
    url,
    tokens,
    apiUrl: url,
    uploadUrl: url + uploadPath,
    apiKey,
    clientId,
    signIns,
    env: {
      POE_BASE_URL: url,
      POE_P_B: tokens.pB,
      POE_P_LAT: tokens.pLat,
      POE_API_URL: url,
      POE_UPLOAD_URL: url + uploadPath,
    },
    world,
    faults,
    requests,
    get formKey() {
      return site.formKey.current;
    },
    async close() {
      world.end();
      const closed = server.listening ? once(server, 'close') : undefined;
      server.close();
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
}

const mostRequests = 1000;

function newSite(port: number, pace: number, siteVersion: SiteVersion): SandboxSite {
  const form = forms[siteVersion];
  const rules = new Rules(form);
  const formKey = new FormKey(form.isSeeded);
  const world = new World();
  world.tellsAuthors = form.hasPrices;
  const hashes = new Hashes(form.siteVersion);
  const faults = new Faults(formKey, hashes, rules);
  return {
    form,
    rules,
    url: `http://127.0.0.1:${port}`,
    cdnUrl: `http://localhost:${port}`,
    baseHost: `localhost:${port}`,
    tokens: {pB: 'c2FuZGJveC1zZXNzaW9u%2Bp-b%3D%3D', pLat: 'c2FuZGJveC1zZXNzaW9u%2Bp-lat%3D'},
    formKey,
    hashes,
    faults,
    apiFiles: [],
    ledger: new Ledger(),
    signIns: new SignIns(),
    world,
    channels: new Channels(faults),
    pace,
  };
}

/** Reads, notes and answers one request; what is to follow the answer follows. */
async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  site: SandboxSite,
  note: (seen: SeenRequest) => SeenRequest,
): Promise<void> {
  const gone = new Promise<void>((resolve) => void response.once('close', resolve));
  const asked = await readRequest(request);
  const seen = note(seenRequest(asked));
  const send = async ({status, headers = {}, body = ''}: HttpAnswer) => {
    seen.status = status;
    response.writeHead(status, headers).end(body);
    await gone;
  };

  const disturbance = site.faults.takeAnswer(asked.url.pathname, site.hashes.named(seen.queryName ?? ''));
  if (disturbance === 'silence') return;
  if (disturbance === 'drop') return void response.destroy();
  if (disturbance) return send(answerOf(disturbance));

  if (isOfApi(asked.url.pathname)) {
    seen.status = await serveApi(asked, response, site);
    return;
  }
  const outcome = await route(asked, site);
  const isBeforehand = site.faults.replies.eventsFirst;
  if (isBeforehand) await outcome.afterwards?.();
  const loss = outcome.operation && site.faults.takeLoss(outcome.operation);
  if (loss === 'drop') response.destroy();
  if (!loss) await send(outcome.answer);
  if (!isBeforehand) await outcome.afterwards?.();
}

/** Tells of a failure that is the sandbox's own. @throws what failed, when it is too late to tell */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) throw error;
  response.writeHead(500, {'Content-Type': 'text/plain'});
  response.end(`The sandbox failed: ${error instanceof Error ? error.stack : String(error)}`);
}

interface LiveServer {
  site: SandboxSite;
  live: WebSocketServer;
  note: (seen: SeenRequest) => SeenRequest;
}

/** Opens the socket of a live channel, or says why not. */
function openSocket(request: IncomingMessage, socket: Duplex, head: Buffer, {site, live, note}: LiveServer): void {
  socket.on('error', () => socket.destroy());
  const url = requestUrl(request);
  const seen = note({
    method: request.method ?? 'GET',
    host: request.headers.host ?? '',
    path: url.pathname + url.search,
    headers: request.headers,
    body: '',
    status: 0,
  });
  const refuse = ({status, headers = {}, body = ''}: HttpAnswer) => {
    seen.status = status;
    const lines = Object.entries({...headers, Connection: 'close', 'Content-Length': String(Buffer.byteLength(body))});
    const text = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${text}\r\n${Buffer.from(body).toString('utf8')}`);
  };

  const disturbance = site.faults.takeAnswer(url.pathname, undefined);
  if (disturbance === 'silence') return;
  if (disturbance === 'drop') return void socket.destroy();
  if (disturbance) return refuse(answerOf(disturbance));

  const admitted = admit(request, url, site);
  if ('status' in admitted) return refuse(admitted);
  seen.status = 101;
  live.handleUpgrade(request, socket, head, (opened) => admitted.channel.listen(opened, admitted.minSeq));
}
