import {type Backend, PoeError} from '../../core/errors.js';
import type {ServeBackend} from '../../serve/serve-backend.js';
import type {RunningServer, ServeOptions} from '../../serve/server.js';
import type {ServerStatus} from '../../serve/server-status.js';
import {RunningServers} from '../../store/serve/running-servers.js';
import {serveFolder, type StoredToken, TokenFile} from '../../store/serve/token-file.js';
import type {ApiProfile} from '../clients/api-profile.js';
import type {WebProfile} from '../clients/web-profile.js';
import type {Invocation} from '../invocation.js';

/** Which server to start. */
export type StartOptions = Pick<ServeOptions, 'port' | 'address' | 'hosts' | 'origins' | 'routes' | 'log'> & {
  via: Backend;
};

interface StartedServer extends RunningServer {
  /** The URL of the page with the status. */
  page: string;
  token?: string;
  /** Whether `status` finds it: not in the sandbox, nor if its entry cannot be stored. */
  isListed: boolean;
}

/** The status of a server, and how to see more of it. */
export interface ShownStatus extends ServerStatus {
  pid: number;
  /** The URL of the page with the status. */
  page: string;
}

interface ServingDeps {
  invocation: Invocation;
  apiProfile: ApiProfile;
  webProfile: WebProfile;
}

/** The server for other programs, and the tokens of a profile by which they use it. */
export class Serving {
  readonly #deps: ServingDeps;
  readonly tokens: TokenFile;
  readonly running: RunningServers;

  constructor(deps: ServingDeps) {
    this.#deps = deps;
    const {profile, folder} = deps.invocation;
    this.tokens = new TokenFile(serveFolder(profile, folder));
    this.running = new RunningServers(serveFolder(profile, folder));
  }

  /** Creates a token for a program. @returns the token, which is not stored. @throws PoeError `usage`, `store` */
  async addToken(token: Pick<StoredToken, 'name' | 'budget' | 'bots'>): Promise<string> {
    const {hashToken, newToken} = await import('../../serve/tokens/token-hash.js');
    const created = newToken();
    await this.tokens.add({...token, hash: hashToken(created), createdTime: new Date().toISOString()});
    return created;
  }

  /**
   * Starts a server, which runs until it is closed. In the sandbox, which costs nothing, it creates a token by itself.
   * @throws PoeError, the system's error if it cannot listen
   */
  async start({via, ...options}: StartOptions): Promise<StartedServer> {
    const {invocation} = this.#deps;
    const {startServer} = await import('../../serve/server.js');
    const backend = via === 'web' ? await this.#webBackend() : await this.#apiBackend();
    const {token, tokens} = invocation.options.sandbox ? await sandboxTokens() : {tokens: () => this.tokens.current()};
    const server = await startServer({
      ...options,
      backend,
      tokens,
      ledger: await invocation.ledger(),
      spending: await this.#spending(),
    });
    const page = `${server.url}/?key=${server.statusKey}`;
    if (token !== undefined) return {...server, page, token, isListed: false};
    const {url, id, statusKey: key} = server;
    const remove = this.#list({url, id, key});
    const close = async () => {
      remove?.();
      await server.close();
    };
    return {...server, page, close, isListed: remove !== undefined};
  }

  /** The servers of the profile that are running. One that does not answer any more is forgotten. @throws PoeError `interrupted` */
  async *status(signal: AbortSignal): AsyncGenerator<ShownStatus, void, undefined> {
    const {readStatus} = await import('./read-status.js');
    for (const entry of this.running.list()) {
      const status = await readStatus(entry, {log: this.#deps.invocation.exchange.log, signal});
      if (status) yield {...status, pid: entry.pid, page: `${entry.url}/?key=${entry.key}`};
      else this.running.remove(entry);
    }
  }

  /** A server works without its entry, as in a container whose settings cannot be changed. */
  #list(entry: {url: string; id: string; key: string}): (() => void) | undefined {
    try {
      return this.running.add(entry);
    } catch (error) {
      if (error instanceof PoeError && error.code === 'store') return undefined;
      throw error;
    }
  }

  async #spending(): Promise<ServeOptions['spending']> {
    const ledger = await this.#deps.invocation.storedLedger();
    if (!ledger) return undefined;
    const {periodAround} = await import('../../core/spending/period.js');
    return async () => (await ledger.database()).spentSince(periodAround(Date.now(), 'day').start);
  }

  async #apiBackend(): Promise<ServeBackend> {
    const {ApiBackend} = await import('../../serve/api/api-backend.js');
    return new ApiBackend({client: await this.#deps.apiProfile.client()});
  }

  async #webBackend(): Promise<ServeBackend> {
    const {openWebBackend} = await import('./web-backend.js');
    return openWebBackend(this.#deps);
  }
}

async function sandboxTokens(): Promise<{token?: string; tokens: () => readonly StoredToken[]}> {
  const {hashToken, newToken} = await import('../../serve/tokens/token-hash.js');
  const token = newToken();
  const [name, createdTime] = ['sandbox', new Date().toISOString()];
  return {token, tokens: () => [{name, createdTime, hash: hashToken(token), budget: null, bots: null}]};
}
