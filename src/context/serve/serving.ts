import type {Backend} from '../../core/errors.js';
import type {ServeBackend} from '../../serve/serve-backend.js';
import type {RunningServer, ServeOptions} from '../../serve/server.js';
import {serveFolder, type StoredToken, TokenFile} from '../../store/serve/token-file.js';
import type {ApiProfile} from '../clients/api-profile.js';
import type {WebProfile} from '../clients/web-profile.js';
import type {Invocation} from '../invocation.js';

/** Which server to start. */
export type StartOptions = Pick<ServeOptions, 'port' | 'address' | 'origins' | 'routes' | 'log'> & {via: Backend};

interface ServingDeps {
  invocation: Invocation;
  apiProfile: ApiProfile;
  webProfile: WebProfile;
}

/** The server for other programs, and the tokens of a profile by which they use it. */
export class Serving {
  readonly #deps: ServingDeps;
  readonly tokens: TokenFile;

  constructor(deps: ServingDeps) {
    this.#deps = deps;
    const {profile, folder} = deps.invocation;
    this.tokens = new TokenFile(serveFolder(profile, folder));
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
  async start({via, ...options}: StartOptions): Promise<RunningServer & {token?: string}> {
    const {invocation} = this.#deps;
    const {startServer} = await import('../../serve/server.js');
    const backend = via === 'web' ? await this.#webBackend() : await this.#apiBackend();
    const {token, tokens} = invocation.options.sandbox ? await sandboxTokens() : {tokens: () => this.tokens.current()};
    const server = await startServer({
      ...options,
      backend,
      tokens,
      ledger: await invocation.ledger(),
    });
    return {...server, ...(token !== undefined && {token})};
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
