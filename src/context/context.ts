import type {Command} from 'commander';
import type {Cache} from '../store/cache.js';
import type {GlobalOptions} from '../commands/shared/global-options.js';
import type {ChatRef} from '../core/chat-ref.js';
import type {PoeError} from '../core/errors.js';
import type {Journal, UnfinishedMessage} from '../core/journal.js';
import type {LogEntry} from '../core/log.js';
import type {Chat, Settings} from '../core/model.js';
import type {ReplyResult} from '../core/reply.js';
import type {ApiClient} from '../core/api/client.js';
import type {LocalChats} from '../core/api/chats/local-chats.js';
import {isLocalCode} from '../core/local-code.js';
import type {Chats} from '../core/web/chats.js';
import type {WebClient} from '../core/web/client.js';
import type {WebTokens} from '../core/web/session/session.js';
import {exposedSecretsNote, extrasFromOptions, tokensFromOptions} from './credentials.js';
import {isSameDeployment, keyRequired, sessionRequired} from './deployment.js';
import type {Io} from './io.js';
import {LastChats} from './last-chat.js';
import {ApiProfile} from './api.js';
import {Output} from '../output/output.js';
import {listenError} from './listen-error.js';
import type {Sandbox, SandboxOptions} from '../sandbox/server/server.js';
import {savedTokens, updateProfile, sessionStore} from './saved-session.js';
import type {ProfileStore, Tokens} from '../store/profiles.js';
import type {LastChatFile} from '../store/last-chat.js';
import * as backends from './backend.js';

/** What a command is given. What is dear to load is loaded when it is asked for. */
export class Context {
  output: Output;
  /** Runs a slash command of the chat as a command line of its own. @throws PoeError */
  run: (argv: readonly string[], io: Io, signal: AbortSignal) => Promise<void> = async () => {};
  /** All that can be typed: the tree of commands. */
  tree: () => Pick<Command, 'commands'> = () => ({commands: []});
  /** What is said of any error. */
  toError: (error: unknown) => PoeError = (error) => {
    throw error;
  };
  #options: GlobalOptions = {};
  /** What holds for the lines of a chat unless they say otherwise. */
  #inherited: GlobalOptions | undefined;
  #store: ProfileStore | undefined;
  #cache: Promise<Cache> | undefined;
  #kept: Promise<LastChatFile> | undefined;
  #sandbox: Promise<Sandbox> | undefined;
  /** Shared with the lines of a chat, whichever of them opens it. */
  #opened: {web?: Promise<WebClient>} = {};
  #official: ApiProfile | undefined;
  #ways: Promise<backends.BackendSources> | undefined;
  readonly #said = new Set<backends.Backend>();
  readonly #last: LastChats;

  constructor(
    readonly io: Io,
    /** Aborted by Ctrl-C and its like. */
    readonly signal: AbortSignal,
    /** Words the next step of an error: for the shell or for the chat. */
    readonly hintOf: (error: Pick<PoeError, 'hint' | 'facts'>) => string | undefined = ({hint}) => hint,
  ) {
    this.output = this.#makeOutput();
    this.#last = new LastChats(this.#aroundLast());
  }

  /** Takes over what was said on the command line. */
  configure(options: GlobalOptions & {fromkey?: string}): void {
    this.#options = {...this.#inherited, ...options, formkey: options.formkey ?? options.fromkey};
    this.#ways = undefined;
    this.output = this.#makeOutput();
  }

  /** A context for a further command line, which shares the connection, the store and the cache with this one. */
  within(io: Io, signal: AbortSignal): Context {
    const inner = new Context(io, signal, this.hintOf);
    const {json: _json, color: _color, ...inherited} = this.#options;
    inner.#inherited = inherited;
    inner.#store = this.#store;
    inner.#cache = this.#cache;
    inner.#sandbox = this.#sandbox;
    inner.#opened = this.#opened;
    if (!this.#options.sandbox) return inner;
    // What is kept of the sandbox is nowhere else.
    inner.#official = this.official;
    inner.#kept = this.#lastKept();
    return inner;
  }

  /** The name of the account's profile. */
  get profile(): string {
    return this.#options.profile ?? (this.io.env.POE_PROFILE || 'default');
  }

  /** The way of what both can do: what is asked for, else by where session and key come from. @throws PoeError `usage` */
  async via(): Promise<backends.Backend> {
    const {via, sandbox, pB, apiKey} = this.#options;
    if (via || sandbox) return via ?? 'web';
    const ways = await this.#openWays();
    const wish = pB === undefined && apiKey === undefined ? backends.preferredBackend(this.io.env) : undefined;
    return wish && ways[wish] ? wish : backends.defaultBackend(ways);
  }

  /** Whether what only one way can do can be done: whether the profile has that way, and may use it. */
  async has(way: backends.Backend): Promise<boolean> {
    const {via = way, sandbox = false} = this.#options;
    return via === way && (sandbox || (await this.#openWays())[way] !== undefined);
  }

  /** Which chats a list is of: those on this machine, those on Poe. */
  async chatKinds(): Promise<{local: boolean; onPoe: boolean}> {
    const {via} = this.#options;
    // Who has neither way is to be told so, by the session that is missing.
    return {local: via !== 'web', onPoe: (await this.has('web')) || (via !== 'api' && !(await this.has('api')))};
  }

  /** Poe's API, its key, and the chats on this machine. */
  get official(): ApiProfile {
    const {apiKey: given, sandbox, timeout} = this.#options;
    this.#official ??= new ApiProfile(this, {
      given,
      sandbox: sandbox ? () => this.#openSandbox() : undefined,
      ...this.#exchange,
      patienceMs: timeout === undefined ? undefined : timeout * 1000,
    });
    return this.#official;
  }

  /** Poe's API with a key. @throws PoeError `not_logged_in` */
  async api(): Promise<ApiClient> {
    if (this.#options.via === 'web') throw keyRequired('a session cannot do this', ', and leave out --via web');
    await this.#say('api');
    return this.official.client();
  }

  /** Whether a chat is on this machine; without one, whether new ones are begun here. */
  async isLocal(chat?: ChatRef | Chat): Promise<boolean> {
    if (!chat) return (await this.via()) === 'api';
    if ('chatCode' in chat && chat.chatCode !== null) return isLocalCode(chat.chatCode);
    return (await this.official.chats()).has(chat);
  }

  /** Poe by the way that a chat goes, or a new one would. @throws PoeError `not_logged_in` */
  async clientOf(chat?: ChatRef | Chat): Promise<WebClient | ApiClient> {
    return (await this.isLocal(chat)) ? this.api() : this.web();
  }

  /** The chats that a chat is among: those on this machine, which need no key, or Poe's. @throws PoeError `not_logged_in` */
  async chatsOf(chat?: ChatRef | Chat): Promise<LocalChats | Chats> {
    return (await this.isLocal(chat)) ? this.official.chats() : (await this.web()).chats;
  }

  /** Poe with a browser's session. @throws PoeError `not_logged_in` */
  async web(): Promise<WebClient> {
    const tokens = await this.session();
    return (this.#opened.web ??= this.connect(tokens));
  }

  /** What a session is opened with, where one is to be used. @throws PoeError `not_logged_in` */
  async session(): Promise<WebTokens> {
    if (this.#options.via === 'api') throw sessionRequired('an API key cannot do this', ', and leave out --via api');
    await this.#say('web');
    return this.tokens();
  }

  /** Has the tokens read anew before the next call: those there were are no longer good, and others may have been kept. */
  async forgetSession(): Promise<void> {
    const old = this.#opened.web;
    this.#opened.web = undefined;
    (await old?.catch(() => undefined))?.close();
  }

  /** Poe with these tokens, which need not be the profile's. @throws PoeError `file` */
  async connect(tokens: WebTokens): Promise<WebClient> {
    const {WebClient} = await import('../core/web/client.js');
    const {siteFile} = this.#options;
    const baseUrl = await this.baseUrl();
    return new WebClient({
      tokens,
      baseUrl,
      ...this.#exchange,
      store: sessionStore(await this.store(), this.profile, {site: baseUrl, log: this.#exchange.log}),
      facts: siteFile === undefined ? undefined : await (await import('./site-file.js')).readSiteFile(siteFile),
      journal: await this.journal(),
    });
  }

  /** How long Poe may be silent, and who is told of what is said to it. */
  get #exchange() {
    return {timeoutMs: (this.#options.timeout ?? 120) * 1000, log: (entry: LogEntry) => this.output.log(entry)};
  }

  /** Fetches a file that a reply names, without any cookie. @returns its size in bytes. @throws PoeError */
  async saveFile(address: string, path: string, options: {mayReplace: boolean; signal: AbortSignal}): Promise<number> {
    const homes = [await this.baseUrl(), await this.official.url()];
    return (await import('../core/files/save-file.js')).saveFile(address, path, {...options, homes, ...this.#exchange});
  }

  /** What identifies the session: from flags, else the environment, else the store. @throws PoeError `not_logged_in` */
  async tokens(): Promise<WebTokens> {
    if (this.#options.sandbox) return (await this.#openSandbox()).tokens;
    const given = this.givenTokens();
    if (given.pB) return {...given, pB: given.pB, pLat: given.pLat ?? ''};
    const kept = await (await this.store()).read(this.profile);
    if (!kept.tokens && (await this.has('api'))) throw sessionRequired('there is only an API key');
    return {...savedTokens(kept, this.profile, await this.baseUrl()), ...extrasFromOptions(this.#options, this.io.env)};
  }

  /** Keeps the tokens of a session that has been checked, and whose it is. @throws PoeError `store` */
  async keep(tokens: WebTokens, settings: Settings): Promise<void> {
    const withSession = await updateProfile(tokens, settings, await this.baseUrl());
    const store = await this.store();
    const {uid} = await store.read(this.profile);
    await store.update(this.profile, withSession);
    // What another account did is not its last chat.
    if (uid !== settings.uid) await this.#last.forget('all');
  }

  /** What flags and environment say of the session. */
  givenTokens(): Partial<Tokens> {
    return tokensFromOptions(this.#options, this.io.env);
  }

  async baseUrl(): Promise<string> {
    return this.#options.sandbox
      ? (await this.#openSandbox()).url
      : this.io.env.POE_BASE_URL || backends.defaultSiteUrl;
  }

  async store(): Promise<ProfileStore> {
    if (this.#store) return this.#store;
    const {memoryStore, openStore} = await import('../store/profiles.js');
    this.#store = this.#options.sandbox
      ? memoryStore()
      : openStore({dir: this.io.env.POE_CONFIG_DIR || undefined, note: (message) => this.output.note(message)});
    return this.#store;
  }

  /** What was seen of Poe, for completion. What is added is kept when the context is closed. */
  cache(): Promise<Cache> {
    this.#cache ??= this.#openCache();
    return this.#cache;
  }

  /** What is on its way; in the sandbox nothing of it is kept. */
  async journal(): Promise<Journal> {
    if (this.#options.sandbox) return (await import('../core/journal.js')).noJournal;
    const {openJournal, journalFolder} = await import('../store/journal.js');
    return openJournal({
      folder: journalFolder(this.profile, this.io.env.POE_CONFIG_DIR || undefined),
      site: await this.baseUrl(),
      isSameDeployment,
      last: await this.#lastKept(),
      log: (entry) => this.output.log(entry),
    });
  }

  /** Reads a chat as a person names it; `last` is the one this profile used last. @throws PoeError */
  async chat(name: string): Promise<ChatRef | Chat> {
    if (name !== 'last') return (await import('../core/chat-ref.js')).parseChatRef(name);
    return this.#last.last().catch(async (error: unknown) => {
      // Who is not logged in is told so rather than that there is no chat.
      if (!(await this.has('web')) && !(await this.has('api'))) await this.tokens();
      throw error;
    });
  }

  /** Makes a chat the one that `last` means. */
  async remember(chat: Chat): Promise<void> {
    await this.#last.remember(chat);
  }

  /** Keeps what a reply showed for completion: its bot, its chat and the chat's title. */
  async see({bot, chat}: ReplyResult): Promise<void> {
    const cache = await this.cache();
    cache.addBots([{handle: bot, name: null}]);
    if (chat.chatCode !== null) cache.addChats([{chatCode: chat.chatCode, title: chat.title}]);
  }

  /** A chat has another title now. */
  async renamed(chat: Chat): Promise<void> {
    if (chat.chatCode !== null) (await this.cache()).addChats([{chatCode: chat.chatCode, title: chat.title}]);
    await this.#last.renamed(chat);
  }

  /** A chat is gone, or all that are on Poe, or whatever is known of the account. */
  async forget(gone: ChatRef | Chat | 'on Poe' | 'all'): Promise<void> {
    await this.#last.forget(gone);
    const cache = await this.cache();
    if (gone === 'all') cache.clear();
    else if (gone === 'on Poe') {
      cache.removeChats(cache.chats().flatMap(({chatCode}) => (isLocalCode(chatCode) ? [] : chatCode)));
    } else if ('chatCode' in gone && gone.chatCode !== null) cache.removeChats([gone.chatCode]);
  }

  /** Says, where it is not plain, that it is not poe.com who answers. */
  noteStandIn(): void {
    // In a chat it has been said.
    if (this.output.isJson || this.#inherited) return;
    if (this.#options.sandbox) {
      this.output.note('Using the built-in sandbox: no account, and nothing leaves this machine.');
    } else if (this.io.env.POE_BASE_URL && this.io.stderr.isTTY) {
      this.output.note(`Not poe.com, but ${this.io.env.POE_BASE_URL} answers.`);
    }
  }

  /** Says that secrets on the command line are no secrets to the other users of the machine. */
  noteExposure(): void {
    // Of what a chat runs, it has been said.
    const text = this.#inherited ? undefined : exposedSecretsNote(this.#options);
    if (text !== undefined && !this.output.isJson) this.output.note(text);
  }

  /** Serves the sandbox until the context is closed. @throws PoeError `usage` when the port cannot be had */
  async serveSandbox(options: SandboxOptions): Promise<Sandbox> {
    try {
      return await this.#openSandbox(options);
    } catch (error) {
      throw listenError(error, options.port);
    }
  }

  async close(): Promise<void> {
    (await this.#cache?.catch(() => undefined))?.save();
    (await this.#opened.web?.catch(() => undefined))?.close();
    await (await this.#sandbox?.catch(() => undefined))?.close();
  }

  /** Says, to who wants to know, which way is gone. */
  async #say(way: backends.Backend): Promise<void> {
    if (this.#said.has(way)) return;
    this.#said.add(way);
    const ways = this.#options.sandbox ? {web: undefined, api: undefined} : await this.#openWays();
    this.output.log({what: 'way', status: backends.describeBackend(way, ways)});
  }

  #openWays(): Promise<backends.BackendSources> {
    this.#ways ??= Promise.all([
      this.store().then((store) => store.read(this.profile)),
      this.baseUrl(),
      this.official.url(),
    ]).then(([kept, site, api]) => backends.findBackends(this.#options, this.io.env, kept, {site, api}));
    return this.#ways;
  }

  #aroundLast(): ConstructorParameters<typeof LastChats>[0] {
    const find = async () => {
      if (!(await this.has('web'))) return undefined;
      const {messages} = await this.web();
      return (message: UnfinishedMessage) => messages.findSent(message, {signal: this.signal});
    };
    return {
      profile: () => this.profile,
      site: () => this.baseUrl(),
      kept: () => this.#lastKept(),
      find,
      journal: () => this.journal(),
      note: (text) => this.output.note(text),
      log: (entry) => this.output.log(entry),
    };
  }

  #lastKept(): Promise<LastChatFile> {
    this.#kept ??= import('../store/last-chat.js').then(({lastChatFile, memoryLastChat}) =>
      this.#options.sandbox ? memoryLastChat() : lastChatFile(this.profile, this.io.env.POE_CONFIG_DIR || undefined),
    );
    return this.#kept;
  }

  #makeOutput(): Output {
    const {json = false, quiet = false, verbose = false, color = true} = this.#options;
    return new Output({...this.io, json, quiet, verbose, color});
  }

  async #openCache(): Promise<Cache> {
    const {memoryCache, openCache} = await import('../store/cache.js');
    if (this.#options.sandbox) return memoryCache();
    return openCache({
      dir: this.io.env.POE_CONFIG_DIR || undefined,
      profile: this.profile,
      site: await this.baseUrl(),
    });
  }

  #openSandbox(options?: SandboxOptions): Promise<Sandbox> {
    this.#sandbox ??= import('../sandbox/server/server.js').then(({startSandbox}) => startSandbox(options));
    return this.#sandbox;
  }
}
