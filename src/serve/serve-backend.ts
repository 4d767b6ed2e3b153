import type {Backend} from '../core/errors.js';
import type {CallOptions} from '../core/options.js';
import type {ServeClient} from './tokens/serve-client.js';

/** The formats in which a program may talk to a bot. */
export type BotFormat = 'chat' | 'responses' | 'messages';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What answers the requests of programs: Poe's API with a key, or poe.com with a browser session. */
export interface ServeBackend {
  readonly via: Backend;
  /** The bots that programs may use. @throws PoeError */
  models(options: CallOptions): Promise<readonly ServedModel[]>;
  /**
   * Answers one request to a bot. Points are set aside with `request.client.ledger.reserve` before anything is sent to Poe, and the
   * reservation is always ended. When `request.signal` is aborted, the reply is canceled on Poe.
   *
   * The answer goes to `reply` in the format of the request. Before the first call of `reply`, a failure is thrown: the server writes it
   * with its status in the format of the program. After that, an error that is thrown ends the stream with an event in that format.
   * @throws PoeError, ServeError
   */
  answer(request: BotRequest, reply: ReplyWriter): Promise<void>;
  /** Called once, when no request is left. */
  close(): void;
}

/** A bot in `GET /v1/models`. */
export interface ServedModel {
  /** The bot's handle. */
  id: string;
  displayName: string | null;
  ownedBy: string | null;
  /** ISO 8601. */
  createdTime: string | null;
  contextTokens: number | null;
  outputTokens: number | null;
  /** Accepted kinds of input, such as `text` and `image`. */
  takes: readonly string[];
  /** Kinds of output. */
  gives: readonly string[];
}

/** A request to a bot, from a program whose token allows this bot. */
export interface BotRequest {
  readonly format: BotFormat;
  /** The bot's handle: `model` without the prefix of a vendor. */
  readonly bot: string;
  /** The body as it was sent. Only `model` and `stream` have been checked. */
  readonly body: JsonObject;
  /** Whether the program wants a stream of events. */
  readonly isStreamed: boolean;
  /** A header of the request. */
  header(name: string): string | undefined;
  readonly client: ServeClient;
  /** Aborted when the program disconnects, its token is revoked, or the server stops. */
  readonly signal: AbortSignal;
}

/** Writes the answer to a program. Either `json` once, or `startEvents`, any number of `write`, and `end`. */
export interface ReplyWriter {
  json(body: unknown, options?: {headers?: Readonly<Record<string, string>>}): void;
  /** As `json`, with a body that is JSON already. */
  jsonText(body: string | Uint8Array, options?: {headers?: Readonly<Record<string, string>>}): void;
  /** Starts a stream of server-sent events with status 200. */
  startEvents(options?: {headers?: Readonly<Record<string, string>>}): void;
  /**
   * Writes whole events, with the empty lines after them.
   * @returns a promise if the program reads slower: write again when it resolves. It rejects if the program has gone
   */
  write(events: string | Uint8Array): Promise<void> | undefined;
  end(): void;
  /** What the request has cost, if it is known: for the log and the status page. */
  cost(points: number): void;
}
