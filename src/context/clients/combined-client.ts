import {chatName, type ChatRef, isLocalCode, localCodeOf} from '../../core/names/chat-ref.js';
import type {Account, AccountOptions, Bots, Chats, Client, Connection, Messages, Users} from '../../core/client.js';
import type {ChatArchive} from '../../core/archive/archive.js';
import {StoredArchive} from '../../core/archive/chat-archive.js';
import {type Backend, PoeError} from '../../core/errors.js';
import type {DiagnoseOptions, Finding} from '../../core/finding.js';
import type {Chat} from '../../core/model.js';
import {
  apiParameterNames,
  type ListOptions,
  rejectApiOptions,
  rejectWebOptions,
  type RetryOptions,
  type SendOptions,
} from '../../core/options.js';
import type {BatchOptions, BatchPrompt, BatchResult} from '../../core/many/batch.js';
import type {ComparedReply, CompareOptions} from '../../core/many/compare.js';
import type {OwnBots} from '../../core/own-bots.js';
import type {Reply} from '../../core/reply.js';
import type {Budget, Ledger} from '../../core/spending/ledger.js';
import {apiOnly, webOnly} from '../../core/unsupported.js';
import type {Backends, ClientUse} from './backends.js';
import {combineOwnBots} from './combine-own-bots.js';
import {lazily} from './lazily.js';
import {mentionLocalChats, newestFirst} from './merge-chats.js';

/** Options that programs with the library do not have. */
export interface SpendingOptions {
  /** Where the cost is set aside and counted. Default: the ledger of the profile. */
  ledger?: Ledger;
}

/**
 * Combines a browser session and an API key. A chat belongs to the backend it was started with. Operations that only
 * one backend supports use that one; all others use the preferred one.
 */
export class CombinedClient implements Client {
  readonly #backends: Backends;
  readonly #open = new Set<Client>();
  readonly #watchers = new Set<(connection: Connection) => void>();

  readonly archive: ChatArchive;

  constructor(backends: Backends) {
    this.#backends = backends;
    this.archive = new StoredArchive({
      store: () => backends.archive(),
      chats: this.chats,
      messages: this.messages,
      account: async (signal) => String((await (await this.#web()).account.identity({signal})).uid),
      isOnThisMachine: () => backends.isOnThisMachine(),
      isOnPoe: (url) => backends.isOnPoe(url),
      saveFile: (url, path, options) => backends.saveFile(url, path, options),
    });
  }

  async send(text: string, options: SendOptions & SpendingOptions = {}): Promise<Reply> {
    return (await this.#sender(options)).send(text, this.#withNotice(options));
  }

  async *batch(
    prompts: Iterable<BatchPrompt> | AsyncIterable<BatchPrompt>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchResult, void, undefined> {
    yield* (await this.#sender(options)).batch(prompts, this.#withNotice(options));
  }

  async *compare(
    text: string,
    bots: readonly string[],
    options: CompareOptions & SpendingOptions = {},
  ): AsyncGenerator<ComparedReply, void, undefined> {
    yield* (await this.#sender(options)).compare(text, bots, this.#withNotice(options));
  }

  /**
   * The backend for a message or a reply with these options.
   * @throws PoeError for an option that this backend does not have
   */
  async backendFor(options: SendOptions): Promise<Backend> {
    const {chat} = options;
    if (!chat) return this.#backendForNewChat(options);
    const isLocal = await this.isLocal(chat);
    if (isLocal) rejectWebOptions(options, localCodeOf(chat));
    else rejectApiOptions(options, chatName(chat));
    return isLocal ? 'api' : 'web';
  }

  readonly messages: Messages = {
    retry: async (chat, options) =>
      (await this.#clientOf(chat, {opensChannel: true})).messages.retry(chat, this.#withNotice(options)),
    attach: async (chat, options) => (await this.#clientOf(chat, {opensChannel: true})).messages.attach(chat, options),
    unfinished: async (options) => {
      const [hasApi, hasWeb] = [await this.#backends.has('api'), await this.#backends.has('web')];
      if (!hasApi && !hasWeb) return (await this.#preferred()).messages.unfinished(options);
      const clients = [...(hasApi ? [this.#api()] : []), ...(hasWeb ? [this.#web()] : [])];
      const lists = await Promise.all(clients.map(async (client) => (await client).messages.unfinished(options)));
      return lists.flat().toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
    },
    saveFile: async (url, path, options) => {
      const client = (await this.#backends.has('api')) ? await this.#api() : await this.#preferred();
      return client.messages.saveFile(url, path, options);
    },
    cancel: async (chat, options) => (await this.#webOf(chat, webOnly.cancel)).messages.cancel(chat, options),
    isReplying: async (chat, options) => (await this.#webOf(chat, webOnly.cancel)).messages.isReplying(chat, options),
    share: async (chat, ids, options) => (await this.#webOf(chat, webOnly.share)).messages.share(chat, ids, options),
    previews: async (of, options) => {
      const chat = typeof of === 'object' ? of : {chatId: of};
      return (await this.#webOf(chat, webOnly.previews)).messages.previews(of, options);
    },
    citations: async (messageId, options) => (await this.#web()).messages.citations(messageId, options),
    cost: async (of, options) => {
      const client = await (typeof of === 'string' && !isLocalCode(of)
        ? this.#web()
        : this.#clientOf(typeof of === 'string' ? {chatCode: of} : of));
      return client.messages.cost(of, options);
    },
    delete: async (chat, ids, options) => {
      if (await this.isLocal(chat)) return (await this.#backends.localChats()).deleteMessages(chat, ids);
      return (await this.#web()).messages.delete(chat, ids, options);
    },
  };

  readonly chats: Chats = {
    history: (options) => this.#listChats(options, (chats) => chats.history(options)),
    byBot: (bot, options) => this.#listChats(options, (chats) => chats.byBot(bot, options)),
    search: (text, options) => this.#listChats(options, (chats) => chats.search(text, options)),
    find: async (chat, options) => (await this.#chatsOf(chat)).find(chat, options),
    read: async (chat, options) => (await this.#chatsOf(chat)).read(chat, options),
    setTitle: async (chat, title, options) => (await this.#chatsOf(chat)).setTitle(chat, title, options),
    branch: async (chat, at, options) => {
      if (!(await this.isLocal(chat))) throw apiOnly.branch(chatName(chat));
      return (await this.#backends.localChats()).branch(chat, at, options);
    },
    clearContext: async (chat, options) => (await this.#chatsOf(chat)).clearContext(chat, options),
    setContextOptimization: async (chat, isOn, options) =>
      (await this.#chatsOf(chat)).setContextOptimization(chat, isOn, options),
    delete: async (chat, options) => (await this.#chatsOf(chat)).delete(chat, options),
    import: async (share, options) => (await this.#web()).chats.import(share, options),
    purge: async (options) => {
      const {poe, local} = await this.#backends.chatLocations();
      if (poe) await (await this.#web()).chats.purge(options);
      if (local) await (await this.#backends.localChats()).purge(options);
    },
    locations: async () => {
      const {poe, local} = await this.#backends.chatLocations();
      if (poe) await this.#web();
      return {poe, local: local && (await (await this.#backends.localChats()).locations()).local};
    },
  };

  readonly bots: Bots = {
    info: async (name, options) =>
      (await this.#client(options?.via ?? (await this.#backends.preferred()))).bots.info(name, options),
    resolve: async (name, options) => (await this.#preferred()).bots.resolve(name, options),
    search: (query, options) => lazily(async () => (await this.#preferred()).bots.search(query, options)),
    explore: (category, options) =>
      lazily(async () =>
        (await (category === undefined ? this.#preferred() : this.#web())).bots.explore(category, options),
      ),
    price: async (handle, options) =>
      (await this.#client(options.via ?? (await this.#backends.preferred()))).bots.price(handle, options),
    rateCard: async (bot, options) => (await this.#preferred()).bots.rateCard(bot, options),
    categories: async (options) => (await this.#web()).bots.categories(options),
  };

  readonly ownBots: OwnBots = combineOwnBots({
    has: (backend) => this.#backends.has(backend),
    of: async (backend) => (await this.#client(backend ?? (await this.#backends.preferred()))).ownBots,
  });

  readonly users: Users = {
    info: async (handle, options) => (await this.#web()).users.info(handle, options),
    search: (query, options) => lazily(async () => (await this.#web()).users.search(query, options)),
    follow: async (user, options) => (await this.#web()).users.follow(user, options),
    unfollow: async (user, options) => (await this.#web()).users.unfollow(user, options),
  };

  readonly account: Account = {
    identity: async (options) => (await this.#preferred()).account.identity(options),
    settings: async (options) => (await this.#accountOf(options)).settings(options),
    balance: async (options) => (await this.#accountOf(options)).balance(options),
    defaultBot: async (options) => (await this.#preferred()).account.defaultBot(options),
    setDefaultBot: async (bot, options) => (await this.#preferred()).account.setDefaultBot(bot, options),
    setPointLimit: async (points, options) => (await this.#web()).account.setPointLimit(points, options),
    now: () => this.#poeTime(),
    usage: async (by, options) => (await this.#withHistory()).account.usage(by, options),
    spendings: (options) => lazily(async () => (await this.#withHistory()).account.spendings(options)),
  };

  readonly budget: Budget = {
    get: async (options) => (await this.#backends.ledger()).budget.get(options),
    set: async (budget, options) => (await this.#backends.ledger()).budget.set(budget, options),
    clear: async () => (await this.#backends.ledger()).budget.clear(),
  };

  /** Checks the preferred backend, and poe.com even without a login unless there is only a key. */
  async *diagnose(options?: DiagnoseOptions): AsyncGenerator<Finding, void, undefined> {
    if ((await this.#backends.preferred()) === 'api') {
      yield* (await this.#api()).diagnose(options);
      if (!(await this.#backends.has('web'))) return;
    }
    const web = await this.#web().catch((error: unknown) => {
      if (error instanceof PoeError && error.code === 'not_logged_in') return error;
      throw error;
    });
    if (web instanceof PoeError) {
      yield* (await this.#backends.anonymousWeb()).diagnose({...options, anonymous: web});
    } else {
      yield* web.diagnose(options);
    }
  }

  watchConnection(watcher: (connection: Connection) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  close(): void {
    for (const client of this.#open) client.close();
    this.#open.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }

  /** Whether a chat is stored on this machine. */
  async isLocal(chat: ChatRef | Chat): Promise<boolean> {
    if ('chatCode' in chat && chat.chatCode !== null) return isLocalCode(chat.chatCode);
    return (await this.#backends.localChats()).has(chat);
  }

  /** The client of the backend that a chat belongs to. */
  async #clientOf(chat: ChatRef | Chat, use?: ClientUse): Promise<Client> {
    return (await this.isLocal(chat)) ? this.#api() : this.#web(use);
  }

  /** The chats that a chat is among. */
  async #chatsOf(chat: ChatRef | Chat): Promise<Chats> {
    return (await this.isLocal(chat)) ? this.#backends.localChats() : (await this.#web()).chats;
  }

  /** poe.com, for an operation that local chats do not have. */
  async #webOf(chat: ChatRef | Chat, unsupported: (chat: string) => PoeError): Promise<Client> {
    if (await this.isLocal(chat)) throw unsupported(localCodeOf(chat));
    return this.#web();
  }

  /** Options that only one backend supports decide, if the user has that backend. */
  async #backendForNewChat(options: RetryOptions): Promise<Backend> {
    const {parameters = {}, protocol, shareable} = options;
    const hasApiParameters = Object.keys(parameters).some((name) => apiParameterNames.has(name));
    if ((protocol || hasApiParameters) && (await this.#backends.has('api'))) {
      rejectWebOptions(options);
      return 'api';
    }
    if (shareable && (await this.#backends.has('web'))) {
      rejectApiOptions(options);
      return 'web';
    }
    const preferred = await this.#backends.preferred();
    if (preferred === 'api') rejectWebOptions(options);
    else rejectApiOptions(options);
    return preferred;
  }

  #withNotice<Options extends RetryOptions>(options: Options | undefined): Options & Pick<RetryOptions, 'onExpensive'> {
    // The compiler does not know that an empty object has no required options.
    const own = options ?? ({} as Options);
    return {...own, onExpensive: own.onExpensive ?? this.#backends.onExpensive};
  }

  /** Only the API's clock is known here. */
  #poeTime(): number {
    for (const {account} of this.#open) if (account.now) return account.now();
    return Date.now();
  }

  /** An API key shows more of the points history. */
  readonly #withHistory = async (): Promise<Client> => {
    if (await this.#backends.has('api')) return this.#api();
    return (await this.#backends.has('web')) ? this.#web() : this.#preferred();
  };

  async #accountOf({via}: AccountOptions = {}): Promise<Account> {
    return (await this.#client(via ?? (await this.#backends.preferred()))).account;
  }

  async #preferred(): Promise<Client> {
    return this.#client(await this.#backends.preferred());
  }

  #client(backend: Backend, use?: ClientUse): Promise<Client> {
    return backend === 'api' ? this.#api() : this.#web(use);
  }

  /** The client for a message with these options. */
  async #sender(options: SendOptions): Promise<Client> {
    return this.#client(await this.backendFor(options), {opensChannel: true});
  }

  async #api(): Promise<Client> {
    return this.#opened(await this.#backends.api());
  }

  async #web(use?: ClientUse): Promise<Client> {
    return this.#opened(await this.#backends.web(use));
  }

  /** Watches the connection of each backend that is opened, also after a new login. */
  #opened(client: Client): Client {
    if (this.#open.has(client)) return client;
    this.#open.add(client);
    client.watchConnection((connection) => {
      for (const watcher of this.#watchers) watcher(connection);
    });
    return client;
  }

  /** The chats of all backends, newest first. */
  async *#listChats(
    options: ListOptions | undefined,
    list: (chats: Chats) => AsyncGenerator<Chat, void, undefined>,
  ): AsyncGenerator<Chat, void, undefined> {
    const {poe, local} = await this.#backends.chatLocations();
    const onPoe = poe ? list((await this.#web()).chats) : undefined;
    const onMachine = local ? list(await this.#backends.localChats()) : undefined;
    if (onPoe && onMachine) {
      const isApiUser = await this.#backends.has('api');
      yield* newestFirst(isApiUser ? mentionLocalChats(onPoe) : onPoe, onMachine, options?.limit);
    } else {
      yield* onPoe ?? onMachine ?? [];
    }
  }
}
