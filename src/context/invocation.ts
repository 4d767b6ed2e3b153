import {resolve} from 'node:path';
import {PoeError} from '../core/errors.js';
import type {Journal} from '../core/journal/journal.js';
import type {Log} from '../core/log/log.js';
import type {Ledger} from '../core/spending/ledger.js';
import type {WebClient} from '../core/web/client.js';
import type {WebTokens} from '../core/web/session/session.js';
import {Output} from '../output/output.js';
import type {Sandbox, SandboxOptions} from '../sandbox/server/server.js';
import type {Archive} from '../store/archive/archive.js';
import type {Cache} from '../store/caches/cache.js';
import {defaultConfigFolder} from '../store/files/folder.js';
import type {FileLedger} from '../store/ledger/file-ledger.js';
import type {LedgerDatabase} from '../store/ledger/ledger-database.js';
import type {LastChatFile} from '../store/last-chat.js';
import type {ServedChats} from '../store/serve/served-chats.js';
import {apiUrlOf, defaultApiUrl, defaultSiteUrl, siteUrlOf} from '../store/caches/poe-urls.js';
import type {Profile, ProfileStore} from '../store/profiles.js';
import {isSameDeployment} from './clients/credentials.js';
import type {GlobalOptions} from './global-options.js';
import type {Io} from './io.js';
import {serverUrl} from './server-url.js';
import {Settings} from './settings/settings.js';
import {resumeTlsSessions} from './clients/tls-sessions.js';
import {UnsavedNote} from './unsaved-note.js';

/** One command line: its options, streams and environment, and the files of its profile, each opened on first use. */
export class Invocation {
  output: Output;
  options: GlobalOptions = {};
  /**
   * The client of poe.com once it exists, its tokens, and whether Poe has rejected tokens. A chat and the commands that
   * run in it share these.
   */
  readonly connection: {web?: Promise<WebClient>; tokens?: WebTokens; wasRejected?: boolean} = {};
  /** The options of the chat that the command is run in; undefined outside a chat. */
  readonly #inherited: GlobalOptions | undefined;
  readonly unsaved: UnsavedNote;
  /** The user's settings, which a chat and the commands that run in it share. */
  readonly settings: Settings;
  /** See `FileLedger`. Set by the context, which has a client. */
  addHistory: (ledger: LedgerDatabase, since: number, signal: AbortSignal) => Promise<void> = async () => {};
  #store: ProfileStore | undefined;
  #cache: Promise<Cache> | undefined;
  #lastChat: Promise<LastChatFile> | undefined;
  #servedChats: Promise<ServedChats> | undefined;
  #sandbox: Promise<Sandbox> | undefined;
  #ledger: Promise<Ledger> | undefined;
  #storedLedger: Promise<FileLedger> | undefined;
  #archive: Promise<Archive> | undefined;
  #tlsSessions: ReturnType<typeof resumeTlsSessions> | undefined;

  constructor(
    readonly io: Io,
    /** Aborted by Ctrl-C. */
    readonly signal: AbortSignal,
    chat?: Invocation,
  ) {
    this.unsaved = chat?.unsaved ?? new UnsavedNote(this.folder, (text) => this.#noteToPeople(text));
    this.settings = chat?.settings ?? new Settings(this.folder);
    if (chat) {
      const {json: _json, color: _color, ...inherited} = chat.options;
      this.#inherited = inherited;
      this.connection = chat.connection;
      this.#store = chat.#store;
      this.#cache = chat.#cache;
      this.#sandbox = chat.#sandbox;
      if (inherited.sandbox) this.#ledger = chat.ledger();
      if (inherited.sandbox) this.#archive = chat.archive();
      // The sandbox's last chat is in memory.
      if (inherited.sandbox) this.#lastChat = chat.lastChat();
    }
    this.output = this.#openOutput();
  }

  configure({fromkey, ...options}: GlobalOptions & {fromkey?: string}): void {
    this.options = {...this.#inherited, ...options, formkey: options.formkey ?? fromkey};
    this.output = this.#openOutput();
  }

  /** Programs that read JSON expect nothing but an error on stderr. */
  #noteToPeople(text: string): void {
    if (!this.output.isJson) this.output.note(text);
  }

  get isInChat(): boolean {
    return this.#inherited !== undefined;
  }

  /** Whether this command line has a sandbox of its own, which is lost when it ends. */
  get startsEmpty(): boolean {
    return this.options.sandbox === true && !this.isInChat;
  }

  get profile(): string {
    return this.options.profile ?? (this.io.env.POE_PROFILE || 'default');
  }

  /** How long Poe may take, and where exchanges with it are logged. */
  get exchange(): {timeoutMs: number; log: Log} {
    return {
      timeoutMs: (this.options.timeout ?? this.settings.get('timeout')) * 1000,
      log: (entry) => this.output.log(entry),
    };
  }

  /** The folder of profiles, caches and local chats. */
  get folder(): string {
    return resolve(this.io.env.POE_CONFIG_DIR || defaultConfigFolder());
  }

  /** @throws PoeError `usage` */
  async siteUrl(): Promise<string> {
    if (this.options.sandbox) return (await this.sandbox()).url;
    return serverUrl(siteUrlOf(this.io.env), {variable: 'POE_BASE_URL', example: defaultSiteUrl});
  }

  /** @throws PoeError `usage` */
  async apiUrl(): Promise<string> {
    if (this.options.sandbox) return (await this.sandbox()).apiUrl;
    return serverUrl(apiUrlOf(this.io.env), {variable: 'POE_API_URL', example: defaultApiUrl});
  }

  /** The sandbox of this process, which runs until the context is closed. */
  sandbox(options?: SandboxOptions): Promise<Sandbox> {
    this.#sandbox ??= import('../sandbox/server/server.js').then(({startSandbox}) => startSandbox(options));
    return this.#sandbox;
  }

  async store(): Promise<ProfileStore> {
    if (this.#store) return this.#store;
    const {memoryStore, openStore} = await import('../store/profiles.js');
    this.#store = this.options.sandbox
      ? memoryStore()
      : openStore({dir: this.folder, note: (message) => this.output.note(message)});
    return this.#store;
  }

  /** The saved profile. One that cannot be read counts as empty, with a note, unless it is required. @throws PoeError `store` */
  async savedProfile(): Promise<Profile> {
    const store = await this.store();
    return store.read(this.profile).catch((error: unknown) => {
      if (!(error instanceof PoeError && error.code === 'store' && this.#hasCredentials())) throw error;
      this.unsaved.showUnread(error);
      return {};
    });
  }

  /** Whether options or the environment contain credentials, so that the saved ones are not required. */
  #hasCredentials(): boolean {
    const {pB, apiKey} = this.options;
    return [pB, apiKey, this.io.env.POE_P_B, this.io.env.POE_API_KEY].some(
      (value) => typeof value === 'string' && value,
    );
  }

  /** Names seen on Poe, for completion. Additions are saved when the context is closed. */
  cache(): Promise<Cache> {
    this.#cache ??= this.#openCache();
    return this.#cache;
  }

  /** The record of messages in flight. The sandbox has none. */
  async journal(): Promise<Journal> {
    if (this.options.sandbox) return (await import('../core/journal/journal.js')).noJournal;
    const {openJournal, journalFolder} = await import('../store/journal.js');
    return openJournal({
      folder: journalFolder(this.profile, this.folder),
      site: await this.siteUrl(),
      isSameDeployment,
      last: await this.lastChat(),
      log: (entry) => this.output.log(entry),
    });
  }

  /** What messages cost, and the budget. Those of the sandbox are in memory. */
  ledger(): Promise<Ledger> {
    this.#ledger ??= this.#openLedger();
    return this.#ledger;
  }

  /** The charges that are stored on this machine; undefined in the sandbox. */
  async storedLedger(): Promise<FileLedger | undefined> {
    if (this.options.sandbox) return undefined;
    this.#storedLedger ??= this.#openStoredLedger();
    return this.#storedLedger;
  }

  /** The file of the archive, for each Poe and profile; in memory in the sandbox. */
  async archivePath(): Promise<string> {
    if (this.options.sandbox) return ':memory:';
    const {archivePath} = await import('../store/archive/archive-path.js');
    return archivePath({dir: this.folder, profile: this.profile, siteUrl: await this.siteUrl()});
  }

  /** The copies of chats on this machine. @throws PoeError `store` */
  archive(): Promise<Archive> {
    this.#archive ??= this.openArchive();
    return this.#archive;
  }

  /** Whether there is an archive. */
  async hasArchive(): Promise<boolean> {
    if (this.#archive) return true;
    const path = await this.archivePath();
    return path !== ':memory:' && (await import('node:fs')).existsSync(path);
  }

  /** If there is no archive, uses one in memory, so that no file is created. */
  async useEmptyArchive(): Promise<void> {
    if (!(await this.hasArchive())) this.#archive = this.openArchive(':memory:');
  }

  /** Lets other processes use the archive. The chat keeps that of its sandbox. */
  async closeArchive(): Promise<void> {
    const archive = this.#archive;
    if (!archive || this.#inherited?.sandbox) return;
    this.#archive = undefined;
    (await archive.catch(() => undefined))?.close();
  }

  /** The file that holds the chat used last. */
  lastChat(): Promise<LastChatFile> {
    this.#lastChat ??= import('../store/last-chat.js').then(({lastChatFile, memoryLastChat}) =>
      this.options.sandbox ? memoryLastChat() : lastChatFile(this.profile, this.folder),
    );
    return this.#lastChat;
  }

  /** The chats that `poe serve` has started. */
  servedChats(): Promise<ServedChats> {
    this.#servedChats ??= this.#openServedChats();
    return this.#servedChats;
  }

  /** Resumes the TLS sessions of earlier commands with a server. */
  async resumeTls(url: string): Promise<void> {
    if (this.options.sandbox || !url.startsWith('https:')) return;
    this.#tlsSessions ??= resumeTlsSessions(this.io.env, this.profile);
    await this.#tlsSessions;
  }

  /** Saves the cache and the TLS sessions, and closes the client and the sandbox. */
  async close(): Promise<void> {
    (await this.#tlsSessions?.catch(() => undefined))?.save();
    (await this.#cache?.catch(() => undefined))?.save();
    await (await this.#storedLedger?.catch(() => undefined))?.close();
    await this.closeArchive();
    (await this.connection.web?.catch(() => undefined))?.close();
    await (await this.#sandbox?.catch(() => undefined))?.close();
  }

  async #openCache(): Promise<Cache> {
    const {memoryCache, openCache} = await import('../store/caches/cache.js');
    if (this.options.sandbox) return memoryCache();
    return openCache({dir: this.folder, profile: this.profile, site: await this.siteUrl()});
  }

  async #openServedChats(): Promise<ServedChats> {
    const {memoryServedChats, servedChats} = await import('../store/serve/served-chats.js');
    if (this.options.sandbox) return memoryServedChats();
    const {serveFolder} = await import('../store/serve/token-file.js');
    return servedChats({folder: serveFolder(this.profile, this.folder), site: await this.siteUrl()});
  }

  /** As `archive`, but the caller closes it. @throws PoeError `store` */
  async openArchive(path?: string): Promise<Archive> {
    const {Archive} = await import('../store/archive/archive.js');
    const onDamaged = (path: string) =>
      this.output.note(`The archive was damaged, and is now at ${path}. The next poe sync copies all chats again.`);
    return Archive.open({path: path ?? (await this.archivePath()), onDamaged});
  }

  async #openLedger(): Promise<Ledger> {
    const stored = await this.storedLedger();
    return stored ?? (await import('../core/spending/memory-ledger.js')).memoryLedger();
  }

  async #openStoredLedger(): Promise<FileLedger> {
    const {FileLedger, ledgerFolder, siteOfLedger} = await import('../store/ledger/file-ledger.js');
    return new FileLedger({
      folder: ledgerFolder(this.profile, this.folder),
      site: siteOfLedger(await this.siteUrl(), await this.apiUrl()),
      log: (entry) => this.output.log(entry),
      note: (text) => this.#noteToPeople(text),
      addHistory: this.addHistory,
    });
  }

  #openOutput(): Output {
    const {json = false, quiet = false, verbose = false, color = true} = this.options;
    const {stdout, stderr, env, wordNote} = this.io;
    const {settings} = this;
    return new Output({
      stdout,
      stderr,
      env,
      wordNote,
      json,
      quiet,
      verbose,
      color,
      // Read only if a reply is printed on a terminal.
      get wrap() {
        return settings.get('wrap');
      },
    });
  }
}
