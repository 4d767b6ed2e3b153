import type {Socket} from 'node:net';
import {keepAliveMs} from './open-connection.js';

type Open = (signal: AbortSignal) => Promise<Socket>;

/** Connections that were opened before a request needs them, by name. They do not keep the process running. */
export class EarlyConnections {
  readonly #connections = new Map<string, EarlyConnection>();

  /** Opens a connection, unless there is one already. It is closed if no request takes it, or if it fails. */
  add(name: string, open: Open): void {
    if (this.#connections.has(name)) return;
    const connection = new EarlyConnection(open, () => {
      if (this.#connections.get(name) === connection) this.#connections.delete(name);
    });
    this.#connections.set(name, connection);
  }

  /**
   * Takes a connection, which may still be opening.
   * @param signal aborts that
   * @returns undefined if there is none
   */
  take(name: string, signal: AbortSignal): Promise<Socket> | undefined {
    const connection = this.#connections.get(name);
    this.#connections.delete(name);
    return connection?.take(signal);
  }
}

class EarlyConnection {
  readonly #opening = new AbortController();
  readonly #socket: Promise<Socket>;
  readonly #timer: NodeJS.Timeout;
  #isTaken = false;

  /** @param onEnd called when it cannot be used any more */
  constructor(open: Open, onEnd: () => void) {
    this.#socket = open(this.#opening.signal).then((socket) => {
      // A request that uses the connection listens, too.
      socket.on('error', onEnd).once('close', onEnd);
      return this.#isTaken ? socket : socket.unref();
    });
    this.#socket.catch(onEnd);
    this.#timer = setTimeout(() => {
      onEnd();
      this.#opening.abort();
      this.#socket.then((socket) => socket.destroy()).catch(() => {});
    }, keepAliveMs).unref();
  }

  async take(signal: AbortSignal): Promise<Socket> {
    this.#isTaken = true;
    clearTimeout(this.#timer);
    const abort = () => this.#opening.abort(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, {once: true});
    try {
      return (await this.#socket).ref();
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }
}
