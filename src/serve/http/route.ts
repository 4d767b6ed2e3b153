import type {IncomingMessage, ServerResponse} from 'node:http';
import type {ErrorFormat} from '../errors/error-format.js';
import type {WrittenEvents} from '../errors/failed-response.js';
import type {ServeClient} from '../tokens/serve-client.js';

/** A request that may be answered: its host, origin and method have been checked. */
export interface Exchange {
  /** The path of the request, without its query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /**
   * Aborted when the program disconnects, its token is revoked, or the server has waited long enough for its end. Not when the server
   * is stopped: answers may go on for a while.
   */
  readonly signal: AbortSignal;
  /** For the line in the log, and for the report of an error. */
  readonly facts: {bot?: string; points?: number; events?: WrittenEvents};
}

/** A request of a program whose token has been checked. */
export interface ClientExchange extends Exchange {
  readonly client: ServeClient;
  /** The JSON of the body; undefined for a request without one. */
  readonly body: unknown;
}

interface CommonRoute {
  /** A whole path, such as `/v1/models`, or its beginning if it ends with a slash and a star. */
  readonly path: string;
  /** `HEAD` is answered like `GET`, without the body. Other methods are refused. */
  readonly methods: readonly ('GET' | 'POST' | 'DELETE')[];
  /** How errors of this path are written. */
  readonly errors: ErrorFormat | ((request: IncomingMessage) => ErrorFormat);
}

/** A path that needs no token. It must not reveal anything about the account, and has no side effects. */
export interface OpenRoute extends CommonRoute {
  readonly access: 'open';
  handle(exchange: Exchange): Promise<void> | void;
}

/** A path that needs a token. A `POST` needs JSON: a page in a browser cannot send that without asking first. */
export interface ClientRoute extends CommonRoute {
  readonly access: 'token';
  /**
   * Answers the request, with `exchange.response` or the functions of `respond.ts`. What it throws is written in the format of the
   * route: as a response if none has started, else as the last event of the stream.
   */
  handle(exchange: ClientExchange): Promise<void>;
}

export type Route = OpenRoute | ClientRoute;
