/** What protects the server from programs that send too much, too slowly, or nothing. */
export interface Limits {
  /** The largest body of a request, in bytes. */
  bodyBytes: number;
  /** How much of all bodies may be in memory while they arrive, in bytes. */
  allBodiesBytes: number;
  /** How long the headers of a request may take. */
  headersMs: number;
  /** How long a whole request may take to arrive. */
  requestMs: number;
  /** How long a connection may wait for its next request. */
  keepAliveMs: number;
  /** How many connections may wait. If there are more, the oldest one is closed. */
  idleConnections: number;
  /** How many requests may be answered at the same time. */
  requests: number;
  /** How long a program may not read from its answer. */
  stalledMs: number;
  /** How long nothing may happen on a connection. Bots may think for minutes. */
  inactiveMs: number;
  /** How long answers may go on after the server was stopped. */
  graceMs: number;
}

export const defaultLimits: Limits = {
  bodyBytes: 32 * 1024 * 1024,
  allBodiesBytes: 256 * 1024 * 1024,
  headersMs: 10_000,
  requestMs: 60_000,
  keepAliveMs: 30_000,
  idleConnections: 256,
  requests: 512,
  stalledMs: 120_000,
  inactiveMs: 600_000,
  graceMs: 30_000,
};
