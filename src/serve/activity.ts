import type {ServerResponse} from 'node:http';
import type {Socket} from 'node:net';
import {ServeError} from './errors/serve-error.js';
import type {Limits} from './http/limits.js';
import type {Exchange} from './http/route.js';
import type {ServeClient} from './tokens/serve-client.js';

/** A request that has been answered, for the log. It has nothing of what was asked or answered. */
export interface ServedRequest {
  method: string;
  /** The path of its route; null if there is none. */
  path: string | null;
  /** The name of the token; null if it was not accepted. */
  client: string | null;
  bot: string | null;
  /** Null if there was no answer. */
  status: number | null;
  /** Whether the answer was not sent completely. */
  isCut: boolean;
  ms: number;
  /** Bytes, with headers. */
  received: number;
  sent: number;
  points: number | null;
}

/** What a program has done since the server started. */
export interface ClientActivity {
  name: string;
  requests: number;
  active: number;
  /** ISO 8601. */
  lastTime: string;
}

interface Entry {
  signal: AbortSignal;
  facts: Exchange['facts'];
  /** The token was accepted. @throws ServeError if there are too many requests */
  admit(client: ServeClient): void;
  close(response: ServerResponse): void;
}

/** The requests that are being answered, and counts of those that were. */
export class Activity {
  readonly #limits: Pick<Limits, 'requests'>;
  readonly #log: (request: ServedRequest) => void;
  readonly #active = new Map<AbortController, ServeClient | undefined>();
  readonly #clients = new Map<string, ClientActivity>();
  /** The bytes of earlier requests on a connection. */
  readonly #counted = new WeakMap<Socket, {read: number; written: number}>();
  #isStopping = false;
  #admitted = 0;
  #total = 0;
  #whenIdle: (() => void) | undefined;

  constructor(limits: Pick<Limits, 'requests'>, log: (request: ServedRequest) => void) {
    this.#limits = limits;
    this.#log = log;
  }

  /** Requests of programs that are being answered, and all since the server started. One for the status is none of them. */
  get counts(): {active: number; total: number} {
    return {active: this.#admitted, total: this.#total};
  }

  clients(): ClientActivity[] {
    return [...this.#clients.values()];
  }

  start({method, path}: Pick<ServedRequest, 'method' | 'path'>): Entry {
    const controller = new AbortController();
    const startedAt = performance.now();
    const facts: Entry['facts'] = {};
    let client: ServeClient | undefined;
    this.#active.set(controller, undefined);
    return {
      signal: controller.signal,
      facts,
      admit: (admitted) => {
        if (this.#isStopping) throw stopping();
        if (this.#admitted >= this.#limits.requests) throw tooManyRequests();
        client = admitted;
        this.#admitted += 1;
        this.#total += 1;
        this.#active.set(controller, admitted);
        this.#count(admitted.name, 1);
      },
      close: (response) => {
        this.#active.delete(controller);
        if (client) {
          this.#admitted -= 1;
          this.#count(client.name, -1);
        }
        const isCut = !response.writableFinished;
        if (isCut) controller.abort(new Error('The program has disconnected'));
        const {bot = null, points = null} = facts;
        const {received, sent} = this.#countBytes(response.req.socket);
        const status = response.headersSent ? response.statusCode : null;
        const ms = performance.now() - startedAt;
        this.#log({method, path, client: client?.name ?? null, bot, status, isCut, ms, received, sent, points});
        if (this.#active.size === 0) this.#whenIdle?.();
      },
    };
  }

  /** From now on, requests are refused, also on connections that are open. */
  stop(): void {
    this.#isStopping = true;
  }

  /** Aborts the requests of programs that are no longer allowed. */
  abortUnless(isAllowed: (client: ServeClient) => boolean): void {
    for (const [controller, client] of this.#active) {
      if (client && !isAllowed(client)) controller.abort(revoked());
    }
  }

  abortAll(): void {
    for (const controller of this.#active.keys()) controller.abort(stopped());
  }

  /** Resolves when no request is being answered, or after some time. */
  async idle(ms: number): Promise<void> {
    if (this.#active.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#whenIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #countBytes(socket: Socket): {received: number; sent: number} {
    const {bytesRead: read, bytesWritten: written} = socket;
    const before = this.#counted.get(socket) ?? {read: 0, written: 0};
    this.#counted.set(socket, {read, written});
    return {received: read - before.read, sent: written - before.written};
  }

  #count(name: string, change: 1 | -1): void {
    const before = this.#clients.get(name) ?? {name, requests: 0, active: 0, lastTime: ''};
    const {requests, active} = before;
    this.#clients.set(name, {
      name,
      requests: change === 1 ? requests + 1 : requests,
      active: active + change,
      lastTime: new Date().toISOString(),
    });
  }
}

const tooManyRequests = () =>
  new ServeError(429, 'The server is answering too many requests. Try again in a moment.', {
    kind: 'rate_limited',
    retryAfterS: 1,
  });

const stopping = () =>
  new ServeError(503, 'The server is stopping.', {
    kind: 'unavailable',
    code: 'server_stopped',
    headers: {Connection: 'close'},
  });

const revoked = () =>
  new ServeError(401, 'The token has been revoked.', {kind: 'unauthenticated', code: 'invalid_api_key'});

const stopped = () =>
  new ServeError(503, 'The server has been stopped.', {kind: 'unavailable', code: 'server_stopped', mayRepeat: false});
