export type {Balance, PointGrant, Since, Spending, UsageBy, UsageSum} from './core/account.js';
export type {ChatRef} from './core/chat-ref.js';
export type {Client} from './core/client.js';
export type {Connection} from './core/connection.js';
export {type Backend, type ErrorCode, PoeError} from './core/errors.js';
export type {DiagnoseOptions, Finding} from './core/finding.js';
export type {Journal, JournalEntry, PendingMessage, UnfinishedMessage} from './core/journal.js';
export type {Log, LogEntry} from './core/log.js';
export type {Attachment, Bot, BotName, BotParameter, Chat, Message, ModelBot, Settings, User} from './core/model.js';
export type {
  CallOptions,
  FileContent,
  FileSource,
  ListOptions,
  Protocol,
  RetryOptions,
  SearchOptions,
  SendOptions,
  UploadProgress,
} from './core/options.js';
export {ChatHandle, type Reply, type ReplyEvent, type ReplyResult} from './core/reply.js';
export type {ApiClientOptions} from './core/api/client.js';
export {type ApiClient, connectWithKey} from './core/api/connect.js';
export {type IssuedKey, signIn, type SignInOptions} from './core/api/sign-in/sign-in.js';
export {connect, type ConnectOptions, type WebClient} from './core/web/connect.js';
export type {SiteFacts} from './core/web/protocol/facts.js';
export type {FoundFacts, FoundFormKey, SessionStore, WebTokens} from './core/web/session/session.js';
