import type {Client, ClientSendOptions} from '../client.js';
import type {Log} from '../log.js';
import type {Reply} from '../reply.js';
import {ApiAccount} from './account.js';
import {apiAddress, apiKeyOf} from './address.js';
import {Api} from './api.js';
import {type ChatFiles, memoryChats} from './chatfiles.js';
import {LocalChats} from './chats.js';
import {ApiMessages, type ApiSendOptions} from './messages.js';
import {type ModelCache, Models} from './models.js';

export interface ApiClientOptions {
  apiKey: string;
  /** Default `https://api.poe.com`. `http:` only for this machine. */
  apiUrl?: string;
  /** Silence allowed from Poe, in milliseconds. Default two minutes. */
  timeoutMs?: number;
  /** Where chats are kept. Default: nowhere; they end with the client. */
  chatFiles?: ChatFiles;
  modelCache?: ModelCache;
  /** Is told of every exchange with Poe. */
  log?: Log;
}

const realApi = 'https://api.poe.com';

/** Poe's official API, with a key. Nothing is asked of Poe before the first call. */
export class ApiClient implements Client {
  readonly messages: ApiMessages;
  readonly chats: LocalChats;
  readonly bots: Models;
  readonly account: ApiAccount;

  /** @throws PoeError `usage` when `apiUrl` is not an address a key may be sent to, `bad_tokens` for what is no key */
  constructor(options: ApiClientOptions) {
    const {apiKey, apiUrl = realApi, timeoutMs = 120_000, chatFiles = memoryChats(), modelCache} = options;
    const {log = () => {}} = options;
    const api = new Api({url: apiAddress(apiUrl), key: apiKeyOf(apiKey), timeoutMs, log});
    this.chats = new LocalChats(chatFiles);
    this.bots = new Models(api, modelCache);
    this.account = new ApiAccount(api);
    this.messages = new ApiMessages(api, this.bots, this.chats, this.account, timeoutMs);
  }

  /** As `messages.send`. */
  send(text: string, {bot, chat, files, signal, parameters}: ClientSendOptions & ApiSendOptions = {}): Promise<Reply> {
    return this.messages.send(text, bot, {chat, files, signal, parameters});
  }

  close(): void {}
}
