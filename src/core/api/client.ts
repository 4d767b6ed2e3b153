import type {ArchiveStore} from '../archive/archive-store.js';
import type {ChatArchive} from '../archive/archive.js';
import {noArchive, StoredArchive} from '../archive/chat-archive.js';
import type {Client, Users} from '../client.js';
import {isHostedByPoe, isStoredFile} from '../files/receive/hosted-by-poe.js';
import {clientClosed, PoeError} from '../errors.js';
import {type Journal, noJournal} from '../journal/journal.js';
import type {Log} from '../log/log.js';
import type {Budget, Ledger} from '../spending/ledger.js';
import {memoryLedger} from '../spending/memory-ledger.js';
import type {CallOptions} from '../options.js';
import {registerSecret} from '../log/redact.js';
import {type BatchBackend, type BatchOptions, batchPrompts, type BatchPrompt, type BatchResult} from '../many/batch.js';
import {type ComparedReply, compareBots, type CompareOptions} from '../many/compare.js';
import type {Reply} from '../reply.js';
import {lazyOwnBots, type OwnBots} from '../own-bots.js';
import {failingList, webOnly} from '../unsupported.js';
import type {Finding} from '../finding.js';
import {ApiAccount, type DefaultBotStore} from './account/account.js';
import {isLoopback} from '../http/url.js';
import {Api, parseApiUrl, uploadUrlOf} from './http/api.js';
import {estimateCost} from './ask/estimate-price.js';
import {BotRequests} from './ask/bot-request.js';
import {memoryRejectedFields, type RejectedFields} from './ask/rejected-fields.js';
import {type ChatFiles, memoryChats} from './chats/chat-files.js';
import {LocalChats} from './chats/local-chats.js';
import {MessageFiles} from './ask/message-files.js';
import {ApiMessages, type ApiSendOptions} from './ask/messages.js';
import {type ModelCache, Models} from './models.js';
import {ProtocolChooser} from './ask/choose-protocol.js';
import {VideoJobs} from './videos/jobs.js';

export interface ApiClientOptions {
  apiKey: string;
  /** Default `https://api.poe.com`. `http:` only on this machine. */
  apiUrl?: string | undefined;
  /** The upload service. Default: Poe's, if `apiUrl` is Poe's too. `http:` only on this machine. */
  uploadUrl?: string | undefined;
  /** Give up after this many milliseconds without data from Poe. Default two minutes. */
  timeoutMs?: number | undefined;
  /** Stores the chats. Default: in memory. */
  chatFiles?: ChatFiles | undefined;
  /** Caches the list of bots. Default: in memory. */
  modelCache?: ModelCache | undefined;
  /** Remembers which optional fields of a request a bot rejects. Default: in memory. */
  rejectedFields?: RejectedFields | undefined;
  /** Stores the bot chosen with `account.setDefaultBot`. Default: in memory. */
  defaultBot?: DefaultBotStore | undefined;
  /** Records messages in flight, so that they can be found if the program is killed. Default: nothing is recorded. */
  journal?: Journal | undefined;
  /** Counts what messages cost, and holds the budget. Default: a ledger of this client. */
  ledger?: Ledger | undefined;
  /** Where copies of chats are stored, for `archive`: what `openArchive` returns. */
  archive?: ArchiveStore | undefined;
  /** Called for every request. */
  log?: Log | undefined;
}

const defaultApiUrl = 'https://api.poe.com';

/** Poe's official API with a key. Makes no request before the first call. */
export class ApiClient implements Client {
  readonly messages: ApiMessages;
  readonly chats: LocalChats;
  readonly bots: Models;
  readonly ownBots: OwnBots;
  readonly users: Users = noUsers;
  readonly account: ApiAccount;
  readonly budget: Budget;
  readonly api: Api;
  readonly rejectedFields: RejectedFields;
  readonly archive: ChatArchive;
  readonly #url: URL;
  readonly #closing = new AbortController();

  /** @throws PoeError `usage` if the key may not be sent to a URL, `bad_tokens` if the key cannot be one */
  constructor(options: ApiClientOptions) {
    const {
      apiKey,
      apiUrl = defaultApiUrl,
      timeoutMs = 120_000,
      chatFiles = memoryChats(),
      modelCache,
      rejectedFields = memoryRejectedFields(),
      defaultBot,
      journal = noJournal,
      ledger = memoryLedger(),
    } = options;
    const {log = () => {}, uploadUrl, archive} = options;
    const key = parseApiKey(apiKey);
    this.#url = parseApiUrl(apiUrl);
    this.rejectedFields = rejectedFields;
    const api = (this.api = new Api({url: this.#url, key, timeoutMs, log, closed: this.#closing.signal}));
    this.chats = new LocalChats(chatFiles);
    this.bots = new Models(api, modelCache);
    this.ownBots = lazyOwnBots(async () => {
      const {ApiOwnBots} = await import('./own-bots.js');
      return new ApiOwnBots(api);
    });
    this.account = new ApiAccount(api, this.bots, defaultBot);
    this.budget = ledger.budget;
    const jobs = new VideoJobs(api);
    this.messages = new ApiMessages({
      api,
      chats: this.chats,
      journal,
      ledger,
      account: this.account,
      jobs,
      exchange: {timeoutMs, log},
      protocols: new ProtocolChooser(this.bots, log),
      requests: new BotRequests({api, models: this.bots, account: this.account, jobs, rejectedFields, log}),
      files: new MessageFiles({url: uploadUrlOf(uploadUrl, this.#url, 'the API key'), key, timeoutMs, log}),
    });
    const {chats, messages} = this;
    this.archive = new StoredArchive({
      store: archive ? async () => archive : noArchive,
      chats,
      messages,
      account: async () => null,
      isOnThisMachine: async () => isLoopback(this.#url.hostname),
      isOnPoe: async (url) => isStoredFile(url) || isHostedByPoe(url, [this.#url.href]),
      saveFile: (url, path, to) => messages.saveFile(url, path, to),
    });
  }

  async send(text: string, options?: ApiSendOptions): Promise<Reply> {
    if (this.#closing.signal.aborted) throw clientClosed();
    return this.messages.send(text, options);
  }

  compare(
    text: string,
    bots: readonly string[],
    options: CompareOptions = {},
  ): AsyncGenerator<ComparedReply, void, undefined> {
    return compareBots((each, to) => this.send(each, to), text, bots, {isParallel: true, ...options});
  }

  /** The chats of a batch are not stored. */
  batch(
    prompts: Iterable<BatchPrompt> | AsyncIterable<BatchPrompt>,
    options: BatchOptions = {},
  ): AsyncGenerator<BatchResult, void, undefined> {
    const backend: BatchBackend = {
      send: (text, to) => this.send(text, {isTemporary: true, isStored: false, ...to}),
      costOf: async ({bot, usage}) => ({
        points: estimateCost(await this.bots.find(bot), usage ?? null),
        isEstimate: true,
      }),
      release: async ({chat}) => this.chats.delete(chat.toJSON()),
    };
    return batchPrompts(backend, prompts, {concurrency: 8, ...options});
  }

  /** Checks whether the API answers and accepts the key. Sends nothing to a bot. @throws PoeError `interrupted` */
  async *diagnose(options?: CallOptions): AsyncGenerator<Finding, void, undefined> {
    const {failedFinding, okFinding} = await import('../finding.js');
    const responds = okFinding('API', `${this.#url.host} answers`);
    try {
      const {points} = await this.account.balance(options);
      yield responds;
      yield okFinding('API key', `accepted; ${points.toLocaleString('en-US')} points left`);
    } catch (error) {
      if (!(error instanceof PoeError) || error.code === 'interrupted') throw error;
      if (error.code === 'bad_tokens') yield responds;
      yield failedFinding(error.code === 'bad_tokens' ? 'API key' : 'API', error);
    }
  }

  /** Each reply has a connection of its own, so there is nothing to watch. */
  watchConnection(): () => void {
    return () => {};
  }

  close(): void {
    this.#closing.abort(clientClosed());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
  }
}

const noUsers: Users = {
  info: () => Promise.reject(webOnly.users()),
  search: () => failingList(webOnly.users()),
  follow: () => Promise.reject(webOnly.users()),
  unfollow: () => Promise.reject(webOnly.users()),
};

/**
 * Poe does not document the format of its keys, so only characters that a header cannot contain are rejected. @throws
 * PoeError `bad_tokens`
 */
function parseApiKey(text: string): string {
  const key = text.trim();
  registerSecret(key);
  if (/^[\x21-\x7e]+$/.test(key)) return key;
  throw new PoeError('bad_tokens', 'The API key is empty or has characters that no key has', {
    remedy: 'log_in',
    needs: 'api',
  });
}
