import type {Command} from 'commander';
import type {Identity} from '../core/account.js';
import type {ChargeSum, RecordedUsageBy} from '../core/spending/sum-usage.js';
import {type ChatRef, isLocalCode} from '../core/names/chat-ref.js';
import {CombinedClient} from './clients/combined-client.js';
import type {Backend, PoeError} from '../core/errors.js';
import type {LocalChatStore} from '../core/client.js';
import type {Chat} from '../core/model.js';
import type {Id} from '../core/names/id.js';
import type {SendOptions} from '../core/options.js';
import type {ReplyResult} from '../core/reply.js';
import type {SiteFacts} from '../core/web/protocol/facts.js';
import type {WebTokens} from '../core/web/session/session.js';
import type {Output} from '../output/output.js';
import type {Sandbox, SandboxOptions} from '../sandbox/server/server.js';
import type {Archive} from '../store/archive/archive.js';
import type {BotPoints} from '../store/archive/statistics.js';
import type {Cache} from '../store/caches/cache.js';
import {isBaseUrlOfApi} from '../store/caches/poe-urls.js';
import type {RecordedSpending} from '../core/spending/recorded-spending.js';
import type {ProfileStore} from '../store/profiles.js';
import type {ServedChats} from '../store/serve/served-chats.js';
import {ApiProfile} from './clients/api-profile.js';
import {BackendChoice} from './clients/backend.js';
import {exposedSecretsNote} from './clients/credentials.js';
import type {GlobalOptions} from './global-options.js';
import {Invocation} from './invocation.js';
import type {Io} from './io.js';
import {LastChatOfProfile} from './last-chat.js';
import type {Serving} from './serve/serving.js';
import {ReplyFiles} from './reply-files.js';
import type {Settings} from './settings/settings.js';
import type {TemplateFolder} from './templates/template-folder.js';
import {forgetTlsSessions} from './clients/tls-sessions.js';
import {WebProfile} from './clients/web-profile.js';
import type {ReportDeps, ReportOptions} from './spending/spending-report.js';

/** Everything a command receives. Slow modules are loaded on first use. */
export class Context {
  /** Runs a slash command of the chat as a separate command line, with next steps in the words of the chat. @throws PoeError */
  run: (argv: readonly string[], io: Io, signal: AbortSignal, hintOf?: Context['hintOf']) => Promise<void> =
    async () => {};
  /** Loads the tree of all commands. */
  tree: () => Promise<Pick<Command, 'commands'>> = async () => ({commands: []});
  /** Whether the command has to be aborted, and awaited, if nobody reads stdout. Otherwise it just ends. */
  stopsCleanly = false;
  /** Converts any error to one that can be shown. */
  toError: (error: unknown) => PoeError = (error) => {
    throw error;
  };
  readonly #invocation: Invocation;
  readonly #backends: BackendChoice;
  readonly webProfile: WebProfile;
  readonly apiProfile: ApiProfile;
  /** Poe with the profile's session, its API key, or both. */
  readonly client: CombinedClient;
  readonly #files: ReplyFiles;
  readonly #lastChat: LastChatOfProfile;
  #hasNotedRecharge = false;

  constructor(
    readonly io: Io,
    /** Aborted by Ctrl-C. */
    readonly signal: AbortSignal,
    /** Words the next step after an error, for the shell or for the chat. */
    readonly hintOf: (error: Pick<PoeError, 'hint' | 'facts'>) => string | undefined = ({hint}) => hint,
    chat?: Context,
  ) {
    this.#invocation = new Invocation(io, signal, chat && chat.#invocation);
    this.#backends = new BackendChoice(this.#invocation);
    this.webProfile = new WebProfile(this.#invocation, this.#backends);
    // The sandbox's local chats are in memory.
    const isInSandbox = chat !== undefined && chat.#invocation.options.sandbox === true;
    this.apiProfile = isInSandbox ? chat.apiProfile : new ApiProfile(this.#invocation, this.#backends);
    this.#files = new ReplyFiles(this.#invocation, this.apiProfile);
    this.client = new CombinedClient({
      preferred: () => this.#backends.preferred(),
      has: (backend) => this.#backends.has(backend),
      chatLocations: () => this.#backends.chatLocations(),
      web: (use) => this.webProfile.client(use),
      anonymousWeb: () => this.webProfile.connect({pB: '', pLat: ''}),
      api: () => this.apiProfile.client(),
      localChats: () => this.apiProfile.chats(),
      ledger: () => this.#invocation.ledger(),
      archive: () => this.#invocation.archive(),
      isOnThisMachine: () => this.#files.isPoeOnThisMachine(),
      isOnPoe: (url) => this.#files.isOnPoe(url),
      saveFile: (url, path, options) => this.saveFile(url, path, {mayReplace: false, ...options}),
      onExpensive: io.stderr.isTTY === true ? (points) => this.#noteRecharge(points) : undefined,
    });
    this.#invocation.addHistory = async (...read) =>
      (await import('./spending/spending-report.js')).addChargesOfKey(this.#reportDeps, ...read);
    this.#lastChat = new LastChatOfProfile(this.#invocation, async () => {
      if (!(await this.#backends.has('web'))) return undefined;
      const {messages} = await this.webProfile.client();
      return (message) => messages.findSent(message, {signal});
    });
  }

  /** Sets the options of the command line. */
  configure(options: GlobalOptions & {fromkey?: string}): void {
    this.#invocation.configure(options);
  }

  /** Says once that an expensive message may make Poe buy points. Only on a terminal, because it takes a request. */
  async #noteRecharge(points: number): Promise<void> {
    if (this.#hasNotedRecharge || !(await this.#backends.has('api'))) return;
    this.#hasNotedRecharge = true;
    // The message is sent in any case.
    const balance = await this.client.account.balance({via: 'api', signal: this.signal}).catch(() => undefined);
    const recharge = balance && 'autoRecharge' in balance ? balance.autoRecharge : null;
    if (!balance || !recharge?.isOn || balance.points === null) return;
    if (balance.points - points >= (recharge.thresholdPoints ?? Infinity)) return;
    this.output.note(
      `Auto-recharge is on. This message costs about ${points.toLocaleString('en-US')} of your ${balance.points.toLocaleString('en-US')} points, so Poe may buy more with real money.`,
    );
  }

  /** The sums of charges that `spendings` returned. */
  async sumSpendings(spendings: readonly RecordedSpending[], by: RecordedUsageBy): Promise<ChargeSum[]> {
    const {sumUsage} = await import('../core/spending/sum-usage.js');
    return sumUsage(spendings, by);
  }

  /** What replies cost, by bot and month, as far as Poe or the ledger knows. See `pointsSpent`. @throws PoeError */
  async pointsSpent(archive: Archive, since?: Date): Promise<BotPoints[]> {
    const {pointsSpent} = await import('./spending/points-spent.js');
    return pointsSpent(archive.points(since), await this.#invocation.storedLedger(), since);
  }

  /** The charges since a time, newest first. See `spendingReport`. @throws PoeError */
  async spendings(options: Omit<ReportOptions, 'signal'>): Promise<RecordedSpending[]> {
    const {spendingReport} = await import('./spending/spending-report.js');
    const ledger = await this.#invocation.storedLedger();
    return spendingReport({...this.#reportDeps, ledger}, {...options, signal: this.signal});
  }

  get #reportDeps(): Omit<ReportDeps, 'ledger'> {
    return {client: this.client, has: (backend) => this.#backends.has(backend), note: (text) => this.output.note(text)};
  }

  /** A context for a command line that is run in this one's chat. It shares the connection, the files and the options. */
  within(io: Io, signal: AbortSignal, hintOf = this.hintOf): Context {
    return new Context(io, signal, hintOf, this);
  }

  get output(): Output {
    return this.#invocation.output;
  }

  /** Whether later commands find the chats of this one. A command with `--sandbox` loses them when it ends. */
  get keepsChats(): boolean {
    return !this.#invocation.startsEmpty;
  }

  /** Whether images are shown on a terminal. */
  get showsImages(): boolean {
    return this.#invocation.options.images !== 'off';
  }

  get profile(): string {
    return this.#invocation.profile;
  }

  /** Whether Poe is simulated on this machine. */
  get isLocalServer(): boolean {
    const {options, io} = this.#invocation;
    const isHttp = (url: string | undefined) => url?.startsWith('http:') === true;
    return options.sandbox === true || isHttp(io.env.POE_API_URL) || isHttp(io.env.POE_BASE_URL);
  }

  get settings(): Settings {
    return this.#invocation.settings;
  }

  /** The chats on this machine. They need no key. */
  localChats(): Promise<LocalChatStore> {
    return this.apiProfile.chats();
  }

  /** Uses the copies of chats on this machine, and closes them. @throws PoeError `store` */
  async withArchive<T>(work: (archive: Archive) => Promise<T>, {mayCreate = true} = {}): Promise<T> {
    try {
      if (!mayCreate) await this.#invocation.useEmptyArchive();
      return await work(await this.#invocation.archive());
    } finally {
      await this.#invocation.closeArchive();
    }
  }

  /** Opens the copies of chats on this machine. The caller closes them. @throws PoeError `store` */
  openArchive(): Promise<Archive> {
    return this.#invocation.openArchive();
  }

  /** As `withArchive`, without creating one: work that an archive only makes faster or more complete. @throws PoeError */
  async withAnyArchive<T>(work: (archive: Archive | undefined) => Promise<T>): Promise<T> {
    const archive = (await this.#invocation.hasArchive())
      ? await this.#invocation.archive().catch(() => undefined)
      : undefined;
    try {
      return await work(archive);
    } finally {
      await this.#invocation.closeArchive();
    }
  }

  /** The file of the archive. */
  archivePath(): Promise<string> {
    return this.#invocation.archivePath();
  }

  store(): Promise<ProfileStore> {
    return this.#invocation.store();
  }

  cache(): Promise<Cache> {
    return this.#invocation.cache();
  }

  /** The backend that the command line names. */
  get via(): Backend | undefined {
    return this.#invocation.options.via;
  }

  /** Reports a missing login for changing a chat before the user is asked anything. @throws PoeError `not_logged_in` */
  async requireAccess(chat: ChatRef | Chat): Promise<void> {
    if (!(await this.client.isLocal(chat))) await this.webProfile.requireTokens();
  }

  /**
   * Reports a missing login, and options that the backend does not have, before anything starts.
   * @param options those of the message or reply
   * @throws PoeError `not_logged_in`, `usage`
   */
  async requireBackend(options: SendOptions): Promise<void> {
    if ((await this.client.backendFor(options)) === 'api') await this.apiProfile.client();
    else await this.webProfile.requireTokens();
  }

  /** The options of a message or a reply, completed by the settings that apply to its backend. */
  async withSettings<Options extends SendOptions>(options: Options): Promise<Options> {
    const {settings, options: global} = this.#invocation;
    const [bot, protocol, maxPoints] = [settings.get('bot'), settings.get('protocol'), settings.get('max-points')];
    if (bot === undefined && protocol === undefined && maxPoints === undefined) return options;
    const isNew = options.chat === undefined && !global.sandbox;
    // Options that do not fit are reported when they are used.
    const backend = await this.client.backendFor(options).catch(() => undefined);
    return {
      ...options,
      bot: options.bot ?? (isNew ? bot : undefined),
      protocol: options.protocol ?? (backend === 'api' ? protocol : undefined),
      maxPoints: options.maxPoints ?? maxPoints,
    };
  }

  /** Resolves a chat's number, code or URL, or `last`. @throws PoeError `usage`, `chat_not_found` */
  async chat(name: string): Promise<ChatRef | Chat> {
    if (name !== 'last') return (await import('../core/names/chat-ref.js')).parseChatRef(name);
    return this.#lastChat.read().catch(async (error: unknown) => {
      // Without a login, that is what to report.
      if (!(await this.#backends.has('web')) && !(await this.#backends.has('api'))) await this.webProfile.tokens();
      throw error;
    });
  }

  /** The chats on poe.com that `poe serve` has started. */
  servedChats(): Promise<ServedChats> {
    return this.#invocation.servedChats();
  }

  /** The user's templates for messages. */
  async templates(): Promise<TemplateFolder> {
    const [{TemplateFolder}, {join}] = await Promise.all([
      import('./templates/template-folder.js'),
      import('node:path'),
    ]);
    return new TemplateFolder(join(this.#invocation.folder, 'templates'));
  }

  /** Makes a chat the one that `last` means. */
  async remember(chat: Chat): Promise<void> {
    await this.#lastChat.set(chat);
  }

  /** Offers the bot and the chat of a reply for completion. */
  async see({bot, chat}: ReplyResult): Promise<void> {
    (await this.cache()).addBots([{handle: bot, name: null}]);
    await this.#seeChat(chat);
  }

  /** Updates the stored titles of a chat. */
  async renamed(chat: Chat): Promise<void> {
    await this.#seeChat(chat);
    await this.#lastChat.update(chat);
  }

  /** Forgets a chat that was deleted, all chats on poe.com, or everything about the account. */
  async forget(deleted: ChatRef | Chat | 'poe' | 'all'): Promise<void> {
    await this.#lastChat.forget(deleted);
    await this.#forgetServed(deleted);
    const cache = await this.cache();
    if (deleted === 'all') await forgetTlsSessions(this.io.env);
    if (deleted === 'all') cache.clear();
    else if (deleted === 'poe') {
      cache.removeChats(cache.chats().flatMap(({chatCode}) => (isLocalCode(chatCode) ? [] : chatCode)));
    } else if ('chatCode' in deleted && deleted.chatCode !== null) cache.removeChats([deleted.chatCode]);
  }

  async #forgetServed(deleted: ChatRef | Chat | 'poe' | 'all'): Promise<void> {
    const served = await this.servedChats();
    if (deleted === 'poe') await served.remove(await served.ids());
    else if (typeof deleted === 'object' && 'chatId' in deleted) await served.remove([deleted.chatId]);
  }

  /** Fails before a login that could not be saved. @throws PoeError `store` */
  requireSaving(): void {
    if (!this.#invocation.options.sandbox) this.#invocation.unsaved.check();
  }

  /** Saves the tokens of a session that was checked. @throws PoeError `store` */
  async saveSession(tokens: WebTokens, identity: Identity): Promise<void> {
    const isOtherAccount = await this.webProfile.save(tokens, identity);
    if (isOtherAccount) await this.#lastChat.forget('all');
  }

  /** Downloads a file of a reply, without cookies, or copies one that a chat stores. @returns its size in bytes. @throws PoeError */
  saveFile(url: string, path: string, options: {mayReplace: boolean; signal?: AbortSignal}): Promise<number> {
    return this.#files.save(url, path, options);
  }

  /** Whether a file of a reply needs the API key, or is in its chat on this machine: other programs cannot open its URL. */
  isPrivate(url: string): Promise<boolean> {
    return this.#files.isPrivate(url);
  }

  /** Writes a file of a reply to stdout once it is complete. @throws PoeError */
  printFile(url: string): Promise<void> {
    return this.#files.print(url, this.io.stdout, this.signal);
  }

  /** Downloads an image of a reply, without cookies. @returns undefined if Poe does not serve it. @throws PoeError */
  fetchImage(url: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#files.fetchImage(url, signal);
  }

  /**
   * Waits a moment before another chat is read or deleted, if it is on poe.com: reading all chats at once would burden Poe.
   * @throws PoeError `interrupted`
   */
  async pauseBetweenChats(chat: Chat | {chatId: Id}): Promise<void> {
    const {pauseBetweenChats} = await import('./pause-between-chats.js');
    await pauseBetweenChats(chat, await this.#invocation.siteUrl(), this.signal);
  }

  /** The facts about the site that the profile's session uses. @throws PoeError */
  async siteFacts(): Promise<SiteFacts> {
    return (await this.webProfile.client()).siteFacts({signal: this.signal});
  }

  /** Prints a note if the sandbox or another site is used instead of poe.com. */
  noteSimulation(): void {
    const {options, isInChat, output, io} = this.#invocation;
    if (output.isJson || isInChat) return;
    if (options.sandbox) {
      output.note('Using the built-in sandbox: no account, and nothing leaves this machine.');
    } else if (isBaseUrlOfApi(io.env)) {
      output.note("POE_BASE_URL is the URL of Poe's API. poe uses it as POE_API_URL.");
    } else if (io.env.POE_BASE_URL && io.stderr.isTTY) {
      output.note(`Using ${io.env.POE_BASE_URL} instead of poe.com.`);
    }
  }

  /** Warns about secrets on the command line. */
  noteExposedSecrets(): void {
    const {options, isInChat, output} = this.#invocation;
    const text = isInChat ? undefined : exposedSecretsNote(options);
    if (text !== undefined && !output.isJson) output.note(text);
  }

  /** The server for other programs. */
  async serving(): Promise<Serving> {
    const {Serving} = await import('./serve/serving.js');
    return new Serving({invocation: this.#invocation, apiProfile: this.apiProfile, webProfile: this.webProfile});
  }

  /** The backend of the server: the one set with `--via`, or else the API if there is a key. @throws PoeError `not_logged_in` */
  async backendToServe(): Promise<Backend> {
    const {via} = this.#invocation.options;
    return via ?? ((await this.#backends.has('api')) ? 'api' : this.#backends.preferred());
  }

  /** Starts the sandbox, which runs until the context is closed. */
  serveSandbox(options: SandboxOptions): Promise<Sandbox> {
    return this.#invocation.sandbox(options);
  }

  async close(): Promise<void> {
    await this.#invocation.close();
  }

  async #seeChat({chatCode, title}: Chat): Promise<void> {
    if (chatCode !== null) (await this.cache()).addChats([{chatCode, title}]);
  }
}
