import {isDeepStrictEqual} from 'node:util';
import type {Identity} from '../../core/account.js';
import {PoeError} from '../../core/errors.js';
import type {WebClient} from '../../core/web/client.js';
import type {SiteFacts} from '../../core/web/protocol/facts.js';
import type {WebTokens} from '../../core/web/session/session.js';
import {isSystemError, reasonOf} from '../../store/files/errors.js';
import type {Tokens} from '../../store/profiles.js';
import type {BackendChoice} from './backend.js';
import type {ClientUse} from './backends.js';
import {notLoggedIn, requestedExtras, requestedTokens, savedTokens, sessionRequired} from './credentials.js';
import type {Invocation} from '../invocation.js';
import {sessionStore} from './session-store.js';

/** The browser session of a profile. */
export class WebProfile {
  readonly #invocation: Invocation;
  readonly #backends: BackendChoice;

  constructor(invocation: Invocation, backends: BackendChoice) {
    this.#invocation = invocation;
    this.#backends = backends;
  }

  /** poe.com with the profile's session. @throws PoeError `not_logged_in` */
  async client(use?: ClientUse): Promise<WebClient> {
    const tokens = await this.requireTokens();
    const {connection} = this.#invocation;
    if (connection.wasRejected && !isDeepStrictEqual(connection.tokens, tokens)) await this.#close();
    connection.tokens = tokens;
    connection.web ??= this.connect(tokens, use);
    return connection.web;
  }

  /** poe.com with other tokens. @throws PoeError `file`, `usage` */
  async connect(tokens: WebTokens, {opensChannel = false}: ClientUse = {}): Promise<WebClient> {
    const {SiteConnection} = await import('../../core/web/session/site-connection.js');
    const {options, exchange, signal} = this.#invocation;
    const baseUrl = await this.#invocation.siteUrl();
    await this.#invocation.resumeTls(baseUrl);
    const connection = new SiteConnection({...exchange, tokens, baseUrl});
    // Without a form key, the home page is read first, which names a channel, too.
    if (opensChannel && (await this.#hasFormKey(tokens, connection.http.site))) await connection.prepareChannel(signal);
    const {WebClient} = await import('../../core/web/client.js');
    return new WebClient({
      connection,
      tokens,
      store: await sessionStore(this.#invocation, baseUrl),
      facts: options.siteFile === undefined ? undefined : await readSiteFile(options.siteFile),
      journal: await this.#invocation.journal(),
      ledger: await this.#invocation.ledger(),
      prices: () => this.#invocation.cache(),
    });
  }

  async #hasFormKey({formKey}: WebTokens, {origin}: URL): Promise<boolean> {
    return formKey !== undefined || (await this.#invocation.savedProfile()).foundFormKey?.baseUrl === origin;
  }

  /** Closes the client after Poe rejected the tokens. From now on a login in another process takes effect at the next call. */
  async reopen(): Promise<void> {
    this.#invocation.connection.wasRejected = true;
    await this.#close();
  }

  async #close(): Promise<void> {
    const {connection} = this.#invocation;
    const old = connection.web;
    delete connection.web;
    (await old?.catch(() => undefined))?.close();
  }

  /** The page of a bot. */
  async botUrl(handle: string): Promise<string> {
    return new URL(`/${encodeURIComponent(handle)}`, await this.#invocation.siteUrl()).href;
  }

  /** The tokens to use. @throws PoeError `not_logged_in` */
  async requireTokens(): Promise<WebTokens> {
    if (this.#invocation.options.via === 'api') throw sessionRequired('--via api is set');
    await this.#backends.log('web');
    return this.tokens();
  }

  /** The tokens from options, or else the environment, or else the profile. @throws PoeError `not_logged_in` */
  async tokens(): Promise<WebTokens> {
    const {options, io, profile} = this.#invocation;
    if (options.sandbox) return (await this.#invocation.sandbox()).tokens;
    const {pB, pLat = '', ...extras} = this.requestedTokens();
    if (pB) return {...extras, pB, pLat};
    const saved = await this.#invocation.savedProfile();
    if (!saved.tokens && (await this.#backends.has('api')))
      throw sessionRequired(`the profile ${JSON.stringify(profile)} has only an API key`);
    const tokens = savedTokens(saved, profile, await this.#invocation.siteUrl());
    if (!tokens) {
      const error = notLoggedIn(`no credentials saved for profile ${JSON.stringify(profile)}`);
      throw this.#invocation.unsaved.explain(error);
    }
    return {...tokens, ...requestedExtras(options, io.env)};
  }

  /** The tokens from options or the environment. */
  requestedTokens(): Partial<Tokens> {
    return requestedTokens(this.#invocation.options, this.#invocation.io.env);
  }

  /**
   * Saves tokens that were checked. @returns whether they belong to another account than before. @throws PoeError
   * `store`
   */
  async save({formKey, ...tokens}: WebTokens, {uid, email}: Pick<Identity, 'uid' | 'email'>): Promise<boolean> {
    const {profile} = this.#invocation;
    const site = await this.#invocation.siteUrl();
    const store = await this.#invocation.store();
    const {userFormKey} = await import('../../core/web/session/fact-cache.js');
    const foundFormKey = formKey === undefined ? undefined : userFormKey(formKey, site, tokens);
    const before = await store.read(profile);
    await store.update(profile, ({apiKey, apiSite, apiKeyExpires, clientId, apiBot, ...rest}) => ({
      apiKey,
      apiSite,
      apiKeyExpires,
      clientId,
      apiBot,
      tokens,
      site,
      uid: uid ?? undefined,
      email: email ?? undefined,
      foundFormKey: foundFormKey ?? rest.foundFormKey,
    }));
    return before.uid !== (uid ?? undefined);
  }
}

/** Reads a file that `poe doctor --export-site` wrote. @throws PoeError `file` */
async function readSiteFile(path: string): Promise<SiteFacts> {
  const unreadable = (what: string, cause?: unknown) =>
    new PoeError('file', `${path} ${what}`, {hint: 'Create one with: poe doctor --export-site <path>', cause});
  const {readTextFile} = await import('../../core/files/regular-file.js');
  const text = await readTextFile(path).catch((error: unknown) => {
    throw unreadable(isSystemError(error, 'ENOENT') ? 'was not found' : `could not be read: ${reasonOf(error)}`, error);
  });
  const {readFacts} = await import('../../core/web/protocol/facts.js');
  const facts = readFacts(parseJson(text, (cause) => unreadable('is not JSON', cause)));
  if (facts) return facts;
  throw unreadable('has no facts about the site');
}

function parseJson(text: string, failure: (cause: unknown) => PoeError): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (error) {
    throw failure(error);
  }
}
