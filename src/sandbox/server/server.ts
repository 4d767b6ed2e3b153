import type {SiteVersion} from '../../core/web/protocol/operations.js';
import type {RecordedRequest} from './http.js';
import type {PastChat} from '../world/past-chats.js';
import {serveSite} from './serve-site.js';

/*
 * The package's entry `poe-cli/sandbox`.
 */

export type {SiteVersion} from '../../core/web/protocol/operations.js';
export type {PastChat} from '../world/past-chats.js';
export type {RecordedRequest} from './http.js';

/** Options of {@link startSandbox}. */
export interface SandboxOptions {
  /** The port to listen on. Default: 0, any free port. */
  readonly port?: number;
  /**
   * A factor on the delays of all bots: 0.1 makes them ten times as fast, 0 makes them reply at once. Default: 1, about the
   * speed of a fast bot on Poe.
   */
  readonly pace?: number;
  /** How long each answer to an HTTP request takes longer, as over a network, in milliseconds. Default: 0. */
  readonly latencyMs?: number;
  /** The version of poe.com to simulate, named by the month in which it was seen. Default: `2026-08`. */
  readonly site?: SiteVersion;
  /** The chats that the account has at the start, newest first. Default: 200 short ones. */
  readonly chats?: Iterable<PastChat>;
}

/** A running sandbox: poe.com and Poe's API, simulated on this machine with one account. State is lost on `close()`. */
export interface Sandbox {
  /** Base URL of the simulated poe.com, such as `http://127.0.0.1:4567`, without a trailing slash. */
  readonly url: string;
  /** The version of poe.com that it simulates. */
  readonly site: SiteVersion;
  /** The session cookies `p-b` and `p-lat` of the account. The site rejects any others. */
  readonly tokens: {readonly pB: string; readonly pLat: string};
  /** Base URL of the simulated api.poe.com. */
  readonly apiUrl: string;
  /** The only API key it accepts. */
  readonly apiKey: string;
  /** Where API clients upload files. On Poe this is another host. */
  readonly uploadUrl: string;
  /** The OAuth client that is registered for signing in with Poe. */
  readonly clientId: string;
  /**
   * Environment variables for a child process: they make `poe` use this sandbox with the session cookies. For the API, add
   * `POE_API_KEY` with the value of `apiKey`.
   */
  readonly env: Readonly<Record<string, string>>;
  /** The requests it has received, oldest first; only the last 1000 are stored. */
  readonly requests: readonly Readonly<RecordedRequest>[];
  /**
   * Adds a bot whose replies a server on this machine writes, with Poe's protocol for bots, such as one of `poe-cli/bot`.
   * @returns false if there is a bot with this handle
   */
  addServerBot(handle: string, server: {readonly url: string; readonly key: string | null}): boolean;
  /** Stops the server, its bots and all open connections. */
  close(): Promise<void>;
}

/**
 * Starts a sandbox on 127.0.0.1. It needs no account and never connects to another machine.
 *
 * @example
 * const sandbox = await startSandbox({pace: 0});
 * // With a browser session, using poe-cli's connect():
 * const web = await connect({...sandbox.tokens, baseUrl: sandbox.url});
 * // With an API key, using poe-cli's connectWithKey():
 * const {apiKey, apiUrl, uploadUrl} = sandbox;
 * const api = await connectWithKey({apiKey, apiUrl, uploadUrl});
 * // …
 * await sandbox.close();
 *
 * @throws the system's error if the port cannot be used, for example with `code: 'EADDRINUSE'`
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const {sandbox} = await serveSite(options);
  return sandbox;
}
