import type {Cache} from './cache.js';
import type {GlobalOptions} from './commands/options.js';
import type {Client} from './core/client.js';
import {PoeError} from './core/errors.js';
import type {Chat, Settings} from './core/model.js';
import type {WholeReply} from './core/reply.js';
import type {Sending} from './core/web/arrival.js';
import type {ApiClient} from './core/official/client.js';
import type {LocalChats} from './core/official/chats.js';
import type {ChatRef, Chats} from './core/web/chats.js';
import type {WebClient} from './core/web/client.js';
import type {SiteFacts} from './core/web/facts.js';
import type {SessionStore, WebTokens} from './core/web/session.js';
import {exposure, givenExtras, givenTokens} from './given.js';
import {isSameChat, isSameHome, needsSession, notLoggedIn} from './home.js';
import type {Io} from './io.js';
import {Official} from './official.js';
import {Output} from './output/output.js';
import {portRefused} from './port.js';
import type {Sandbox, SandboxOptions} from './sandbox/server.js';
import type {LastChat, Profile, ProfileStore, Tokens} from './store.js';

/** Messages on their way are remembered up to this number; the oldest are forgotten first. */
const mostSendings = 20;
const realSite = 'https://poe.com';

/** What a command is given. What is dear to load is loaded when it is asked for. */
export class Context {
  output: Output;
  /** Runs a further command line, with what this one has at hand. @returns its exit code */
  run: (argv: readonly string[], io: Io, signal: AbortSignal) => Promise<number> = async () => 2;
  #options: GlobalOptions = {};
  /** What holds for the lines of a chat unless they say otherwise. */
  #inherited: GlobalOptions | undefined;
  #store: ProfileStore | undefined;
  #cache: Promise<Cache> | undefined;
  #sandbox: Promise<Sandbox> | undefined;
  #web: Promise<WebClient> | undefined;
  #isStoreStuck = false;
  /** The messages of this run. */
  readonly #sent = new Set<string>();
  #official: Official | undefined;

  constructor(
    readonly io: Io,
    /** Aborted by Ctrl-C and its like. */
    readonly signal: AbortSignal,
  ) {
    this.output = this.#makeOutput();
  }

  /** Takes over what was said on the command line. */
  configure(options: GlobalOptions & {fromkey?: string}): void {
    this.#options = {...this.#inherited, ...options, formkey: options.formkey ?? options.fromkey};
    this.#official = undefined;
    this.output = this.#makeOutput();
  }

  /** A context for a further command line, which shares the connection, the store and the cache with this one. */
  within(io: Io, signal: AbortSignal): Context {
    const inner = new Context(io, signal);
    // Both are of the inner one alone.
    const {json: _json, color: _color, ...inherited} = this.#options;
    inner.#inherited = inherited;
    inner.#store = this.#store;
    inner.#cache = this.#cache;
    inner.#sandbox = this.#sandbox;
    inner.#web = this.#web;
    return inner;
  }

  /** The name of the account's profile. */
  get profile(): string {
    return this.#options.profile ?? (this.io.env.POE_PROFILE || 'default');
  }

  /** Poe, by whichever way the profile is logged in. @throws PoeError `not_logged_in` */
  async client(): Promise<Client> {
    return (await this.via()) === 'api' ? this.api() : this.web();
  }

  /** The way to Poe: what is asked for, else the browser's session where there is one, else the API key. */
  async via(): Promise<'web' | 'api'> {
    const {via, sandbox, apiKey, pB} = this.#options;
    if (via) return via;
    if (sandbox || pB) return 'web';
    if (apiKey !== undefined) return 'api';
    const {POE_P_B, POE_API_KEY} = this.io.env;
    if (POE_P_B) return 'web';
    const {tokens, apiKey: kept} = await (await this.store()).read(this.profile);
    return tokens === undefined && (POE_API_KEY || kept) ? 'api' : 'web';
  }

  /** Poe's API, its key, and the chats on this machine. */
  get official(): Official {
    const {apiKey: given, sandbox, timeout = 120} = this.#options;
    this.#official ??= new Official(this, {
      given,
      sandbox: sandbox ? () => this.#openSandbox() : undefined,
      timeoutMs: timeout * 1000,
      log: (entry) => this.output.log(entry),
    });
    return this.#official;
  }

  /** Poe's API with a key. @throws PoeError `not_logged_in` */
  api(): Promise<ApiClient> {
    return this.official.client();
  }

  /** Whether a chat is on this machine; without one, whether new ones are begun here. */
  async isLocal(chat?: ChatRef | Chat): Promise<boolean> {
    if (chat && (await (await this.official.chats()).has(chat))) return true;
    return (await this.via()) === 'api';
  }

  /** The chats that a chat is among: those on this machine, or Poe's. @throws PoeError `not_logged_in` */
  async chatsOf(chat?: ChatRef | Chat): Promise<LocalChats | Chats> {
    return (await this.isLocal(chat)) ? this.official.chats() : (await this.web()).chats;
  }

  /** Poe with a browser's session. @throws PoeError `not_logged_in` */
  async web(): Promise<WebClient> {
    if (this.#options.via === 'api') throw needsSession('an API key cannot do this', ', and leave out --via api');
    this.#web ??= this.tokens().then((tokens) => this.connect(tokens));
    return this.#web;
  }

  /** Poe with these tokens, which need not be the profile's. */
  async connect(tokens: WebTokens): Promise<WebClient> {
    const {connect} = await import('./core/client.js');
    return connect({
      ...tokens,
      baseUrl: await this.baseUrl(),
      timeoutMs: (this.#options.timeout ?? 120) * 1000,
      store: await this.#sessionStore(),
      facts: await this.#givenFacts(),
      log: (entry) => this.output.log(entry),
    });
  }

  /** What identifies the session: from flags, else the environment, else the store. @throws PoeError `not_logged_in` */
  async tokens(): Promise<WebTokens> {
    if (this.#options.sandbox) return (await this.#openSandbox()).tokens;
    const given = this.givenTokens();
    if (given.pB) return {...given, pB: given.pB, pLat: given.pLat ?? ''};
    const {tokens, site} = await (await this.store()).read(this.profile);
    if (!tokens && (await this.via()) === 'api') throw needsSession('there is only an API key');
    if (!tokens) throw notLoggedIn(`there are no tokens for the profile ${this.profile}`);
    const baseUrl = await this.baseUrl();
    if (!isSameHome(site ?? realSite, baseUrl)) {
      throw notLoggedIn(`the tokens of the profile ${this.profile} are for ${site ?? realSite}, not for ${baseUrl}`);
    }
    return {...tokens, ...givenExtras(this.#options, this.io.env)};
  }

  /** Keeps the tokens of a session that has been checked, and whose it is. @throws PoeError `store` */
  async keep({formKey, ...tokens}: WebTokens, {uid, primaryEmail}: Settings): Promise<void> {
    const site = await this.baseUrl();
    const {givenFormKey} = await import('./core/web/memory.js');
    const given = formKey === undefined ? undefined : givenFormKey(formKey, site, tokens);
    await (
      await this.store()
    ).update(this.profile, (before) => ({
      apiKey: before.apiKey,
      apiSite: before.apiSite,
      tokens,
      site,
      uid,
      email: primaryEmail ?? undefined,
      lastChat: before.uid === uid ? before.lastChat : undefined,
      foundFormKey: given ?? before.foundFormKey,
    }));
  }

  /** What flags and environment say of the session. */
  givenTokens(): Partial<Tokens> {
    return givenTokens(this.#options, this.io.env);
  }

  async baseUrl(): Promise<string> {
    if (this.#options.sandbox) return (await this.#openSandbox()).url;
    return this.io.env.POE_BASE_URL || realSite;
  }

  async store(): Promise<ProfileStore> {
    if (this.#store) return this.#store;
    const {memoryStore, openStore} = await import('./store.js');
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

  /** Reads a chat as a person names it; `last` is the one this profile used last. @throws PoeError */
  async chat(name: string): Promise<ChatRef | Chat> {
    if (name !== 'last') {
      const {parseChatRef} = await import('./core/chatref.js');
      return parseChatRef(name);
    }
    const unheard = await this.#unheardOf();
    if (unheard) return unheard;
    const {lastChat} = await (await this.store()).read(this.profile);
    const isHere =
      lastChat && (lastChat.chat.id.startsWith('local:') || isSameHome(lastChat.site, await this.baseUrl()));
    if (isHere) return lastChat.chat;
    throw new PoeError('chat_not_found', `The profile ${this.profile} has not used a chat yet`, {
      hint: 'Begin one with: poe "…". Or name a chat by its number, code or address; poe history lists them.',
    });
  }

  /** Makes a chat the one that `last` means. A store that cannot be written is no reason to fail. */
  async remember(chat: Chat): Promise<void> {
    const lastChat = {chat, site: await this.baseUrl()};
    await this.#change((profile) => ({...this.#withoutSent(profile), lastChat}));
  }

  /** Keeps on disk what a message can be found by, before it leaves: should poe end now, `last` finds it. */
  async sending(sending: Sending): Promise<void> {
    const kept = {...sending, site: await this.baseUrl()};
    this.#sent.add(sending.clientNonce);
    await this.#change((profile) => ({
      ...profile,
      sendings: [...(profile.sendings ?? []), kept].slice(-mostSendings),
    }));
  }

  /** What this run sent was not taken, so that nobody needs to look for it. */
  async notSent(): Promise<void> {
    if (this.#sent.size > 0) await this.#change((profile) => this.#withoutSent(profile));
  }

  /** Keeps what a reply showed for completion: its bot, its chat and the chat's title. */
  async see({bot, chat}: WholeReply): Promise<void> {
    const cache = await this.cache();
    cache.seeBots([{handle: bot, name: null}]);
    if (chat.chatCode !== null) cache.seeChats([{chatCode: chat.chatCode, title: chat.title}]);
  }

  /** A chat has another title now. */
  async renamed(chat: Chat): Promise<void> {
    if (chat.chatCode !== null) (await this.cache()).seeChats([{chatCode: chat.chatCode, title: chat.title}]);
    await this.#changeLast((last) => (last.chat.chatId === chat.chatId ? {...last, chat} : last));
  }

  /** A chat is gone, or all are. */
  async forget(gone: ChatRef | Chat | 'all'): Promise<void> {
    await this.#changeLast((last) => (gone === 'all' || isSameChat(last.chat, gone) ? undefined : last));
    const code = gone === 'all' ? 'all' : 'chatCode' in gone ? gone.chatCode : null;
    if (code !== null) (await this.cache()).forgetChats(code === 'all' ? 'all' : [code]);
  }

  /** Says, where it is not plain, that it is not poe.com who answers. */
  noteStandIn(): void {
    // In a chat it has been said.
    if (this.output.isJson || this.#inherited) return;
    if (this.#options.sandbox) {
      this.output.note('Sandbox: a stand-in of poe.com answers. No account, and nothing leaves this machine.');
    } else if (this.io.env.POE_BASE_URL && this.io.stderr.isTTY) {
      this.output.note(`Not poe.com, but ${this.io.env.POE_BASE_URL} answers.`);
    }
  }

  /** Says that secrets on the command line are no secrets to the other users of the machine. */
  noteExposure(): void {
    const text = exposure(this.#options);
    if (text !== undefined && !this.output.isJson) this.output.note(text);
  }

  /** Serves the sandbox until the context is closed. @throws PoeError `usage` when the port cannot be had */
  async serveSandbox(options: SandboxOptions): Promise<Sandbox> {
    try {
      return await this.#openSandbox(options);
    } catch (error) {
      throw portRefused(error, options.port);
    }
  }

  async close(): Promise<void> {
    (await this.#cache?.catch(() => undefined))?.save();
    (await this.#web?.catch(() => undefined))?.close();
    await (await this.#sandbox?.catch(() => undefined))?.close();
  }

  /** The chat of the newest message that left and was not heard of again. Those that did not arrive are told of and forgotten. */
  async #unheardOf(): Promise<Chat | undefined> {
    const {sendings = []} = await (await this.store()).read(this.profile);
    const site = await this.baseUrl();
    for (const sending of sendings.filter((each) => isSameHome(each.site, site)).toReversed()) {
      const chat = await (await this.web()).messages.find(sending, {signal: this.signal});
      this.#sent.add(sending.clientNonce);
      if (chat) {
        await this.remember(chat);
        return chat;
      }
      this.output.note(`The message to ${sending.bot} of ${sending.sentAt}, which poe lost sight of, is not on Poe.`);
    }
    await this.notSent();
    return undefined;
  }

  #withoutSent({sendings, ...profile}: Profile): Profile {
    const left = sendings?.filter(({clientNonce}) => !this.#sent.has(clientNonce)) ?? [];
    return {...profile, ...(left.length > 0 && {sendings: left})};
  }

  async #change(change: (profile: Profile) => Profile): Promise<void> {
    await this.#quietly(async () => (await this.store()).update(this.profile, change));
  }

  async #changeLast(change: (last: LastChat) => LastChat | undefined): Promise<void> {
    const store = await this.store();
    const {lastChat} = await store.read(this.profile);
    const changed = lastChat && change(lastChat);
    if (changed === lastChat) return;
    await this.#quietly(() => store.update(this.profile, (profile) => ({...profile, lastChat: changed})));
  }

  #makeOutput(): Output {
    const {json = false, quiet = false, verbose = false, color = true} = this.#options;
    return new Output({...this.io, json, quiet, verbose, color});
  }

  async #openCache(): Promise<Cache> {
    const {memoryCache, openCache} = await import('./cache.js');
    if (this.#options.sandbox) return memoryCache();
    return openCache({
      dir: this.io.env.POE_CONFIG_DIR || undefined,
      profile: this.profile,
      site: await this.baseUrl(),
    });
  }

  #openSandbox(options?: SandboxOptions): Promise<Sandbox> {
    this.#sandbox ??= import('./sandbox/server.js').then(({startSandbox}) => startSandbox(options));
    return this.#sandbox;
  }

  /** What `--site-file` says of the site. @throws PoeError `file` */
  async #givenFacts(): Promise<SiteFacts | undefined> {
    const path = this.#options.siteFile;
    if (path === undefined) return undefined;
    const {readSiteFile} = await import('./sitefile.js');
    return readSiteFile(path);
  }

  async #sessionStore(): Promise<SessionStore> {
    const store = await this.store();
    return {
      foundFormKey: async () => (await store.read(this.profile)).foundFormKey,
      saveFormKey: (foundFormKey) =>
        this.#quietly(() => store.update(this.profile, (profile) => ({...profile, foundFormKey}))),
      foundFacts: async () => (await store.read(this.profile)).foundFacts,
      saveFacts: (foundFacts) =>
        this.#quietly(() => store.update(this.profile, (profile) => ({...profile, foundFacts}))),
    };
  }

  /** A store that cannot be written is no reason to fail, and is not waited for again. */
  async #quietly(work: () => Promise<void>): Promise<void> {
    if (this.#isStoreStuck) return;
    try {
      await work();
    } catch (error) {
      if (!(error instanceof PoeError)) throw error;
      this.#isStoreStuck = true;
      this.output.log({what: 'store', status: error.message});
    }
  }
}
