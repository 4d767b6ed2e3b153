import {Agent, type RequestOptions} from 'node:https';
import type {Socket} from 'node:net';
import type {TLSSocket} from 'node:tls';
import {isAddress} from './connect-tcp.js';
import {EarlyConnections} from './early-connections.js';
import {type Connect, type ConnectOptions, type Created, handOver, pooling, targetOf} from './open-connection.js';
import type {TlsSessionStore} from './tls-sessions.js';

/* Load this module with `import()`: sites on this machine need no TLS. */

/** Makes TLS connections, also before a request needs them, and resumes stored sessions. */
export class TlsAgent extends Agent {
  readonly #connect: Connect;
  readonly #sessions: TlsSessionStore;
  readonly #route: string;
  readonly #early = new EarlyConnections();

  /** @param route the way to the servers */
  constructor(connect: Connect, sessions: TlsSessionStore, route: string) {
    super(pooling);
    this.#connect = connect;
    this.#sessions = sessions;
    this.#route = route;
  }

  /** Opens a connection for the next request to a server, which reports if that fails. */
  prepare(host: string, port: number): void {
    const servername = isAddress(host) ? '' : host;
    const options: RequestOptions = {
      ...this.options,
      host,
      port,
      servername,
      rejectUnauthorized: true,
    };
    this.#early.add(nameOf(options), (signal) => this.#open(options, signal));
  }

  override createConnection(options: RequestOptions & Partial<ConnectOptions>, callback: Created): undefined {
    const {connectSignal = new AbortController().signal} = options;
    const early = this.#early.take(nameOf(options), connectSignal);
    void handOver(early ?? this.#open(options, connectSignal), callback);
  }

  async #open(options: RequestOptions, signal: AbortSignal): Promise<Socket> {
    const socket = await this.#connect(targetOf(options), signal);
    const {host, port, servername, rejectUnauthorized} = options;
    const key = JSON.stringify([this.#route, host, port, servername, rejectUnauthorized]);
    const session = this.#sessions.get(key);
    const withSocket: RequestOptions & {socket: Socket} = {
      ...options,
      ...(session && {session}),
      socket,
    };
    // Without a callback, an agent for TLS returns the connection.
    const secured = super.createConnection(withSocket) as TLSSocket;
    return secured.on('session', (session: Buffer) => this.#sessions.set(key, session));
  }
}

const nameOf = ({host, port, servername}: RequestOptions): string => JSON.stringify([host, Number(port), servername]);
