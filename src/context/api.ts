import {join, resolve} from 'node:path';
import type {Context} from './context.js';
import {PoeError} from '../core/errors.js';
import type {LocalChats} from '../core/api/chats/local-chats.js';
import type {ApiClient} from '../core/api/client.js';
import type {CallOptions} from '../core/options.js';
import type {IssuedKey, SignInOptions} from '../core/api/sign-in/sign-in.js';
import type {Log} from '../core/log.js';
import {isSameDeployment} from './deployment.js';
import type {Sandbox} from '../sandbox/server/server.js';
import {defaultConfigFolder} from '../store/folder.js';
import {modelCacheFile} from '../store/model-cache.js';
import {defaultApiUrl} from './backend.js';

interface ApiProfileDeps {
  /** What follows `--api-key`; true for nothing. */
  given: string | true | undefined;
  /** Undefined for the real Poe. */
  sandbox: (() => Promise<Sandbox>) | undefined;
  timeoutMs: number;
  /** How long the user may take; undefined for the usual time. */
  patienceMs: number | undefined;
  log: Log;
}

type ContextParts = Pick<Context, 'io' | 'profile' | 'signal' | 'store' | 'baseUrl' | 'journal'>;

/** Poe's API as a profile has it: its key, and the chats on this machine. */
export class ApiProfile {
  readonly #context: ContextParts;
  readonly #around: ApiProfileDeps;
  #client: Promise<ApiClient> | undefined;
  #chats: Promise<LocalChats> | undefined;

  constructor(context: ContextParts, around: ApiProfileDeps) {
    this.#context = context;
    this.#around = around;
  }

  /** Poe's API with the profile's key. @throws PoeError `not_logged_in` */
  client(): Promise<ApiClient> {
    this.#client ??= this.#key().then((key) => this.connect(key));
    return this.#client;
  }

  /** Poe's API with this key, which need not be the profile's. */
  async connect(apiKey: string): Promise<ApiClient> {
    const {ApiClient} = await import('../core/api/client.js');
    const apiUrl = await this.url();
    const {timeoutMs, log, sandbox} = this.#around;
    const modelCache = sandbox ? undefined : modelCacheFile(this.#folder, apiUrl);
    const uploadUrl = sandbox ? (await sandbox()).uploadUrl : this.#context.io.env.POE_UPLOAD_URL || undefined;
    const chatFiles = await this.#chatFiles();
    const journal = await this.#context.journal();
    return new ApiClient({apiKey, apiUrl, uploadUrl, timeoutMs, log, modelCache, chatFiles, journal});
  }

  /** The chats that are kept on this machine; they need no key. */
  chats(): Promise<LocalChats> {
    this.#chats ??= this.#client
      ? this.#client.then(({chats}) => chats)
      : Promise.all([import('../core/api/chats/local-chats.js'), this.#chatFiles()]).then(
          ([{LocalChats}, files]) => new LocalChats(files),
        );
    return this.#chats;
  }

  /** Keeps a key that has been checked. @throws PoeError `store` */
  async keep({apiKey, expires, clientId}: IssuedKey & {clientId?: string}): Promise<void> {
    const apiSite = await this.url();
    const store = await this.#context.store();
    const kept = {apiKey, apiSite, apiKeyExpires: expires ?? undefined, ...(clientId !== undefined && {clientId})};
    await store.update(this.#context.profile, (before) => ({...before, ...kept}));
  }

  /** As which client poe signs in with Poe: undefined where none is configured. */
  async clientId(): Promise<string | undefined> {
    const {io, profile} = this.#context;
    return io.env.POE_CLIENT_ID || (await (await this.#context.store()).read(profile)).clientId;
  }

  /** Signs in with Poe in the user's browser. @throws PoeError */
  async signIn(options: Pick<SignInOptions, 'clientId' | 'show' | 'signal'>): Promise<IssuedKey> {
    const {signIn} = await import('../core/api/sign-in/sign-in.js');
    const {timeoutMs, patienceMs, log} = this.#around;
    const urls = {siteUrl: await this.#context.baseUrl(), apiUrl: await this.url()};
    return signIn({...options, ...urls, timeoutMs, patienceMs, log});
  }

  /** @returns whether it could be opened */
  async openBrowser(url: string): Promise<boolean> {
    const {openBrowser} = await import('./open-browser.js');
    return openBrowser(url, this.#context.io.env);
  }

  /** The bot that is asked where none is named; undefined where none was chosen. */
  async defaultBot(): Promise<string | undefined> {
    return (await (await this.#context.store()).read(this.#context.profile)).apiBot;
  }

  /** @returns the bot as Poe writes it. @throws PoeError `bot_not_found`, `store` */
  async setDefaultBot(name: string, options: CallOptions): Promise<string> {
    const {handle} = await (await this.client()).bots.info(name, options);
    const store = await this.#context.store();
    await store.update(this.#context.profile, (before) => ({...before, apiBot: handle}));
    return handle;
  }

  /** The key that flag or environment give. @throws PoeError `usage` for a flag without one */
  givenKey(): string | undefined {
    const {given} = this.#around;
    if (given !== true) return given ?? (this.#context.io.env.POE_API_KEY || undefined);
    throw new PoeError('usage', 'There is no key after --api-key', {
      hint: 'Give it there, in POE_API_KEY, or keep one with: poe login --api-key',
    });
  }

  async url(): Promise<string> {
    const {sandbox} = this.#around;
    return sandbox ? (await sandbox()).apiUrl : this.#context.io.env.POE_API_URL || defaultApiUrl;
  }

  async #key(): Promise<string> {
    const {sandbox} = this.#around;
    if (sandbox) return (await sandbox()).apiKey;
    const given = this.givenKey();
    if (given !== undefined) return given;
    const {profile} = this.#context;
    const {apiKey, apiSite = defaultApiUrl, apiKeyExpires} = await (await this.#context.store()).read(profile);
    const url = await this.url();
    if (apiKey === undefined) throw noKey(`there is no API key for the profile ${profile}`);
    if (!isSameDeployment(apiSite, url))
      throw noKey(`the API key of the profile ${profile} is for ${apiSite}, not for ${url}`);
    if (apiKeyExpires !== undefined && (await this.#isOver(apiKeyExpires))) {
      throw noKey(`the API key of the profile ${profile} was good until ${apiKeyExpires}`);
    }
    return apiKey;
  }

  /** The clock of this machine may be wrong: where it says that a time is over, Poe is asked. */
  async #isOver(time: string): Promise<boolean> {
    if (Date.parse(time) >= Date.now()) return false;
    const {apiTime} = await import('../core/api/http/api.js');
    const {timeoutMs, log} = this.#around;
    const told = await apiTime(await this.url(), {timeoutMs, log, signal: this.#context.signal});
    return Date.parse(time) < (told ?? Date.now());
  }

  get #folder(): string {
    return resolve(this.#context.io.env.POE_CONFIG_DIR || defaultConfigFolder());
  }

  async #chatFiles() {
    const {chatFolder, memoryChats} = await import('../core/api/chats/chat-files.js');
    // A profile's name may be `..`.
    const name = this.#context.profile.replaceAll('.', '%2E');
    return this.#around.sandbox ? memoryChats() : chatFolder(join(this.#folder, 'chats', name));
  }
}

const noKey = (why: string) =>
  new PoeError('not_logged_in', `Not logged in: ${why}`, {
    hint: 'Make a key at https://poe.com/api/keys, then: poe login --api-key',
  });
