import type {IncomingMessage} from 'node:http';
import type {Ledger} from '../../core/spending/ledger.js';
import type {StoredToken} from '../../store/serve/token-file.js';
import {ServeError} from '../errors/serve-error.js';
import {ledgerOf, type ServeClient} from './serve-client.js';
import {findByToken} from './token-hash.js';

/** The programs that may use the server. */
export class Clients {
  readonly #tokens: () => readonly StoredToken[];
  readonly #ledger: Ledger;
  /** By the hash of its token: another token may get the same name. */
  readonly #hashes = new WeakMap<ServeClient, string>();

  /** @param tokens the tokens as they are now: another process may add and revoke them */
  constructor(tokens: () => readonly StoredToken[], ledger: Ledger) {
    this.#tokens = tokens;
    this.#ledger = ledger;
  }

  /** The program with the token in a request, as OpenAI's or Anthropic's packages send it. @throws ServeError */
  authenticate({headers}: IncomingMessage): ServeClient {
    const bearer = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const key = headers['x-api-key'];
    const tokens = [bearer, typeof key === 'string' ? key.trim() : undefined].filter((token) => token !== undefined);
    if (tokens.length === 0) throw unauthenticated('The request has no token. Create one with: poe serve token add');
    const stored = this.#stored();
    for (const token of tokens) {
      const found = findByToken(stored, token);
      if (found) return this.#client(found);
    }
    throw unauthenticated('The token is wrong, or has been revoked.');
  }

  /** No token was checked yet, so the reason, which names the file, is not sent. @throws ServeError */
  #stored(): readonly StoredToken[] {
    try {
      return this.#tokens();
    } catch (error) {
      throw new ServeError(503, 'The server cannot read its tokens.', {kind: 'unavailable', cause: error});
    }
  }

  /** Whether a program's token has not been revoked since. Never throws. */
  isCurrent(client: ServeClient): boolean {
    try {
      return this.#tokens().some(({hash}) => hash === this.#hashes.get(client));
    } catch {
      // The file cannot be read now: the next request reports it.
      return true;
    }
  }

  #client({name, hash, bots, budget}: StoredToken): ServeClient {
    const client = {name, bots, budget, ledger: ledgerOf(this.#ledger, {name, budget})};
    this.#hashes.set(client, hash);
    return client;
  }
}

const unauthenticated = (message: string): ServeError =>
  new ServeError(401, message, {
    kind: 'unauthenticated',
    code: 'invalid_api_key',
    headers: {'WWW-Authenticate': 'Bearer'},
  });
