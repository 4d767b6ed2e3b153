import type {Socket} from 'node:net';
import type {Duplex} from 'node:stream';
import type {Target} from './connect-tcp.js';

/** Idle connections are closed after this time. Servers usually wait longer, so a request rarely meets a connection that is closing. */
export const keepAliveMs = 4_000;
/** The options of all agents. */
export const pooling = {keepAlive: true, timeout: keepAliveMs};

/** A request option that agents read. */
export interface ConnectOptions {
  /** Aborts connecting. Without it, a host that does not answer keeps the process alive after the request was destroyed. */
  connectSignal: AbortSignal;
}

export type Connect = (target: Target, signal: AbortSignal) => Promise<Socket>;
export type Created = (error: Error | null, stream: Duplex) => void;

/** Hands a new connection to an agent, or an error. */
export async function handOver(connection: Promise<Duplex>, callback: Created): Promise<void> {
  let stream: Duplex;
  try {
    stream = await connection;
  } catch (error) {
    // Node uses no stream if there is an error, and an agent always passes a callback.
    return callback(error instanceof Error ? error : new Error('Aborted'), undefined as never);
  }
  callback(null, stream);
}

/** Where a request of `node:http` leads. */
export const targetOf = ({host, port}: {host?: string | null; port?: string | number | null}): Target => ({
  hostname: host ?? 'localhost',
  port: Number(port),
});
