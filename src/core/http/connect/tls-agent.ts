import {Agent, type RequestOptions} from 'node:https';
import type {Socket} from 'node:net';
import {type Connect, type ConnectOptions, type Created, openConnection, pooling} from './open-connection.js';
import type {TlsSessionStore} from './tls-sessions.js';

/* Load this module with `import()`: sites on this machine need no TLS. */

/** Makes TLS connections, and resumes stored sessions. */
export class TlsAgent extends Agent {
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
    void openConnection(this.#connect, options, callback, (socket) => {
      const {host, port, servername, rejectUnauthorized} = options;
      const key = JSON.stringify([this.#route, host, port, servername, rejectUnauthorized]);
      const session = this.#sessions.get(key);
      const withSocket: RequestOptions & {socket: Socket} = {...options, ...(session && {session}), socket};
      const secured = super.createConnection(withSocket) ?? socket;
      return secured.on('session', (session: Buffer) => this.#sessions.set(key, session));
    });
  }
}
