import {Agent as HttpAgent, type ClientRequestArgs} from 'node:http';
import {Agent as HttpsAgent, type RequestOptions} from 'node:https';
import type {Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import {connectTcp, type Target} from './connect-tcp.js';
import {type Proxy, proxyFor} from './proxy-settings.js';
import {noTlsSessions, tlsSessions, type TlsSessionStore} from './tls-sessions.js';

/** Idle connections are closed after this time. Servers usually wait longer, so a request rarely meets a connection that is closing. */
const keepAliveMs = 4_000;
const pooling = {keepAlive: true, timeout: keepAliveMs};

/** A request option that these agents read. */
export interface ConnectOptions {
  /** Aborts connecting. Without it, a host that does not answer keeps the process alive after the request was destroyed. */
  connectSignal: AbortSignal;
}

type Connect = (target: Target, signal: AbortSignal) => Promise<Socket>;
type Created = (error: Error | null, stream: Duplex) => void;

const agents = new Map<string, HttpAgent>();

/**
 * The shared agent for requests to a URL. It keeps connections alive, uses the proxy that the environment sets, and tries all
 * addresses of a host. @throws PoeError `network` if the proxy setting is wrong
 */
export async function agentFor(url: URL): Promise<HttpAgent> {
  const proxy = proxyFor(url);
  const key = JSON.stringify([url.protocol, proxy]);
  const existing = agents.get(key);
  if (existing) return existing;
  const connect = proxy ? await proxyConnect(proxy) : connectTcp;
  const agent = createAgent(url, connect, key);
  agents.set(key, agent);
  return agent;
}

function createAgent({protocol}: URL, connect: Connect, route: string): HttpAgent {
  if (protocol === 'https:') return new TlsAgent(connect, tlsSessions, route);
  // A live channel is on another host each time.
  return protocol === 'wss:' ? new TlsAgent(connect, noTlsSessions, route) : new PlainAgent(connect);
}

async function proxyConnect(proxy: Proxy): Promise<Connect> {
  const {connectThroughProxy} = await import('./proxy-connection.js');
  return (target, signal) => connectThroughProxy(proxy, target, signal);
}

class PlainAgent extends HttpAgent {
  readonly #connect: Connect;

  constructor(connect: Connect) {
    super(pooling);
    this.#connect = connect;
  }

  override createConnection(options: ClientRequestArgs & Partial<ConnectOptions>, callback: Created): undefined {
    void create(this.#connect, options, callback, (socket) => socket);
  }
}

class TlsAgent extends HttpsAgent {
  readonly #connect: Connect;
  readonly #sessions: TlsSessionStore;
  readonly #route: string;

  /** @param route the way to the servers */
  constructor(connect: Connect, sessions: TlsSessionStore, route: string) {
    super(pooling);
    this.#connect = connect;
    this.#sessions = sessions;
    this.#route = route;
  }

  override createConnection(options: RequestOptions & Partial<ConnectOptions>, callback: Created): undefined {
    void create(this.#connect, options, callback, (socket) => {
      const {host, port, servername, rejectUnauthorized} = options;
      const key = JSON.stringify([this.#route, host, port, servername, rejectUnauthorized]);
      const session = this.#sessions.get(key);
      const withSocket: RequestOptions & {socket: Socket} = {...options, ...(session && {session}), socket};
      const secured = super.createConnection(withSocket) ?? socket;
      return secured.on('session', (session: Buffer) => this.#sessions.set(key, session));
    });
  }
}

/** Hands a new connection to the agent, or an error. */
async function create(
  connect: Connect,
  {host, port, connectSignal = new AbortController().signal}: ClientRequestArgs & Partial<ConnectOptions>,
  callback: Created,
  wrap: (socket: Socket) => Duplex,
): Promise<void> {
  let socket: Socket;
  try {
    socket = await connect({hostname: host ?? 'localhost', port: Number(port)}, connectSignal);
  } catch (error) {
    // Node uses no stream if there is an error, and an agent always passes a callback.
    return callback(error instanceof Error ? error : new Error('Aborted'), undefined as never);
  }
  callback(null, wrap(socket));
}
