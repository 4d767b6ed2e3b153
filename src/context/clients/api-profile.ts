import {join} from 'node:path';
import type {ApiClient} from '../../core/api/client.js';
import type {ChatFiles} from '../../core/api/chats/chat-files.js';
import type {IssuedKey, SignInOptions} from '../../core/api/sign-in/sign-in.js';
import type {LocalChatStore} from '../../core/client.js';
import {PoeError} from '../../core/errors.js';
import {modelCacheFile} from '../../store/caches/model-cache.js';
import {rejectedFieldsFile} from '../../store/caches/rejected-fields.js';
import {defaultApiUrl} from '../../store/caches/poe-urls.js';
import type {Profile} from '../../store/profiles.js';
import type {BackendChoice} from './backend.js';
import {isSameDeployment, keyRequired, trimmed} from './credentials.js';
import type {Invocation} from '../invocation.js';

/** The API key of a profile, and its chats on this machine. */
export class ApiProfile {
  readonly #invocation: Invocation;
  readonly #backends: BackendChoice;
  #client: Promise<ApiClient> | undefined;
  #chats: Promise<LocalChatStore> | undefined;
  #files: Promise<ChatFiles> | undefined;

  constructor(invocation: Invocation, backends: BackendChoice) {
    this.#invocation = invocation;
    this.#backends = backends;
  }

  /** Poe's API with the profile's key. @throws PoeError `not_logged_in` */
  async client(): Promise<ApiClient> {
    if (this.#invocation.options.via === 'web') throw keyRequired('--via web is set');
    await this.#backends.log('api');
    this.#client ??= this.#key().then((key) => this.connect(key));
    return this.#client;
  }

  /** Poe's API with another key. @throws PoeError `usage`, `bad_tokens` */
  async connect(apiKey: string): Promise<ApiClient> {
    const [{ApiClient}, {rejectedFields}] = await Promise.all([
      import('../../core/api/client.js'),
      import('../../core/api/ask/rejected-fields.js'),
    ]);
    const {options, exchange, folder} = this.#invocation;
    const apiUrl = await this.#invocation.apiUrl();
    await this.#invocation.resumeTls(apiUrl);
    return new ApiClient({
      ...exchange,
      apiKey,
      apiUrl,
      uploadUrl: await this.#uploadUrl(),
      rejectedFields: options.sandbox ? undefined : rejectedFields(rejectedFieldsFile(folder, apiUrl)),
      modelCache: options.sandbox ? undefined : modelCacheFile(folder, apiUrl),
      chatFiles: await this.#chatFiles(),
      journal: await this.#invocation.journal(),
      ledger: await this.#invocation.ledger(),
      defaultBot: {
        read: async () => (await this.#read()).apiBot,
        write: (apiBot) => this.#update({apiBot}),
      },
    });
  }

  /** How a server for bots reaches Poe. It needs no API key. */
  async serverOptions(): Promise<{apiUrl: string; uploadUrl: string | undefined; timeoutMs: number}> {
    const {timeoutMs} = this.#invocation.exchange;
    return {apiUrl: await this.#invocation.apiUrl(), uploadUrl: await this.#uploadUrl(), timeoutMs};
  }

  async #uploadUrl(): Promise<string | undefined> {
    const {options, io} = this.#invocation;
    return options.sandbox ? (await this.#invocation.sandbox()).uploadUrl : io.env.POE_UPLOAD_URL || undefined;
  }

  /** The chats on this machine. They need no key. */
  chats(): Promise<LocalChatStore> {
    this.#chats ??= this.#client
      ? this.#client.then(({chats}) => chats)
      : Promise.all([import('../../core/api/chats/local-chats.js'), this.#chatFiles()]).then(
          ([{LocalChats}, files]) => new LocalChats(files),
        );
    return this.#chats;
  }

  /** Saves a key that was checked. @throws PoeError `store` */
  async save({apiKey, expires, clientId}: IssuedKey & {clientId?: string}): Promise<void> {
    await this.#update({
      apiKey,
      apiSite: await this.#invocation.apiUrl(),
      apiKeyExpires: expires ?? undefined,
      ...(clientId !== undefined && {clientId}),
    });
  }

  /** The client id for signing in with Poe; undefined if none is configured. */
  async clientId(): Promise<string | undefined> {
    return this.#invocation.io.env.POE_CLIENT_ID || (await this.#read()).clientId;
  }

  /** Signs in with Poe in the user's browser, which creates a key. @throws PoeError */
  async signIn(options: Pick<SignInOptions, 'clientId' | 'show' | 'signal'>): Promise<IssuedKey> {
    const {signIn} = await import('../../core/api/sign-in/sign-in.js');
    const {exchange, options: global} = this.#invocation;
    const [siteUrl, apiUrl] = [await this.#invocation.siteUrl(), await this.#invocation.apiUrl()];
    const userTimeoutMs = global.timeout === undefined ? undefined : exchange.timeoutMs;
    return signIn({...options, ...exchange, siteUrl, apiUrl, userTimeoutMs});
  }

  /** The key from options, or else the environment, or else the profile. @throws PoeError `usage`, `not_logged_in` */
  async #key(): Promise<string> {
    const {options, io, profile} = this.#invocation;
    if (options.sandbox) return (await this.#invocation.sandbox()).apiKey;
    if (options.apiKey === true) {
      throw new PoeError('usage', '--api-key needs a value', {
        hint: 'Pass a key, set POE_API_KEY, or save a key with: poe login --api-key',
      });
    }
    const requested = options.apiKey ?? trimmed(io.env.POE_API_KEY);
    if (requested !== undefined) return requested;
    const {apiKey, apiSite = defaultApiUrl, apiKeyExpires} = await this.#read();
    const url = await this.#invocation.apiUrl();
    if (apiKey === undefined) {
      throw this.#invocation.unsaved.explain(keyRequired(`the profile ${JSON.stringify(profile)} has none`));
    }
    if (!isSameDeployment(apiSite, url)) {
      throw keyRequired(`the key of the profile ${JSON.stringify(profile)} is for ${apiSite}, not for ${url}`);
    }
    if (apiKeyExpires !== undefined && (await this.#isPast(apiKeyExpires))) {
      throw keyRequired(`the key of the profile ${JSON.stringify(profile)} expired at ${apiKeyExpires}`);
    }
    return apiKey;
  }

  /** Whether a time is past. If this machine's clock says so, asks Poe for the time, because the clock may be wrong. */
  async #isPast(time: string): Promise<boolean> {
    if (Date.parse(time) >= Date.now()) return false;
    const {apiTime} = await import('../../core/api/http/api.js');
    const {exchange, signal} = this.#invocation;
    const now = await apiTime(await this.#invocation.apiUrl(), {...exchange, signal});
    return Date.parse(time) < (now ?? Date.now());
  }

  #chatFiles(): Promise<ChatFiles> {
    this.#files ??= this.#openChatFiles();
    return this.#files;
  }

  async #openChatFiles(): Promise<ChatFiles> {
    const {chatFolder, memoryChats} = await import('../../core/api/chats/chat-files.js');
    const {options, folder, profile} = this.#invocation;
    if (options.sandbox) return memoryChats();
    // A profile may be named `..`.
    const files = chatFolder(join(folder, 'chats', profile.replaceAll('.', '%2E')));
    const {keepUnsaved} = await import('../../core/api/chats/unsaved-chats.js');
    return keepUnsaved(files, (error) => this.#invocation.unsaved.show(error));
  }

  async #read(): Promise<Profile> {
    return this.#invocation.savedProfile();
  }

  async #update(change: Partial<Profile>): Promise<void> {
    const store = await this.#invocation.store();
    await store.update(this.#invocation.profile, (before) => ({...before, ...change}));
  }
}
