export type {
  ApiSettings,
  Balance,
  Cost,
  Identity,
  PointGrant,
  Since,
  AutoRecharge,
  Spending,
  UsageBy,
  UsageSum,
} from './core/account.js';
export type {ChatRef} from './core/names/chat-ref.js';
export type {ChatArchive, SyncEvent, SyncOptions, SyncResult} from './core/archive/archive.js';
export type {
  ArchivedChat,
  ArchivedMessage,
  ChatCopy,
  ArchiveFiles,
  ArchiveFilter,
  ArchiveSearchOptions,
  ArchiveStatistics,
  ArchiveStore,
  ChatWriter,
  SearchHit,
} from './core/archive/archive-store.js';
export type {
  Account,
  AccountOptions,
  BotInfoOptions,
  Bots,
  ChatLocations,
  Chats,
  Client,
  Connection,
  Messages,
  PriceOptions,
  Recipient,
  Users,
} from './core/client.js';
export {
  type Backend,
  type ErrorCode,
  type ErrorDetails,
  type ErrorFacts,
  PoeError,
  type Remedy,
} from './core/errors.js';
export type {DiagnoseOptions, Finding} from './core/finding.js';
export type {
  BaseBot,
  CreateOptions,
  FindOptions,
  KnowledgeFile,
  KnowledgeSource,
  KnowledgeText,
  OwnBot,
  OwnBotCategory,
  OwnBots,
  OwnBotSettings,
  UpdateOptions,
} from './core/own-bots.js';
export type {Id} from './core/names/id.js';
export type {Journal, JournalEntry, PendingMessage, UnfinishedMessage} from './core/journal/journal.js';
export type {Log, LogEntry} from './core/log/log.js';
export type {Attachment, Bot, BotName, Chat, Citation, Message, Settings, User} from './core/model.js';
export type {BotFilter, BotOrder, ModelBot} from './core/model-bot.js';
export type {
  BotParameter,
  ParameterCondition,
  ParameterOperand,
  ParameterSchema,
} from './core/parameters/bot-parameter.js';
export type {ChatName} from './core/names/named-chats.js';
export type {
  AttachOptions,
  CallOptions,
  FileContent,
  FileSource,
  MessageRef,
  ListOptions,
  SpendingOptions,
  ReadOptions,
  BotListOptions,
  PriceProgress,
  Effort,
  Protocol,
  PurgeOptions,
  RetryOptions,
  SaveFileOptions,
  SearchOptions,
  SendOptions,
  UploadProgress,
} from './core/options.js';
export type {
  ChatHandle,
  Reply,
  ReplyEvent,
  ReplyResult,
  ReplyState,
  Source,
  TokenUsage,
  VideoJob,
} from './core/reply.js';
export type {
  Budget,
  BudgetLimit,
  LedgerClient,
  SettledReply,
  BudgetPeriod,
  BudgetStatus,
  Ledger,
  PlannedMessage,
  Reservation,
} from './core/spending/ledger.js';
export type {PointPrices} from './core/spending/point-prices.js';
export type {Price} from './core/spending/price.js';
export type {UnfinishedReply} from './core/journal/unfinished.js';
export type {DefaultBotStore} from './core/api/account/account.js';
export type {AppendOptions, ChatFiles, MediaFiles} from './core/api/chats/chat-files.js';
export type {ApiClientOptions} from './core/api/client.js';
export {type ApiAccount, type ApiBots, type ApiClient, connectWithKey} from './core/api/connect.js';
export type {ModelCache} from './core/api/models.js';
export type {RejectedFields} from './core/api/ask/rejected-fields.js';
export {type IssuedKey, signIn, type SignInOptions} from './core/api/sign-in/sign-in.js';
export {connect, type ConnectOptions, type WebAccount, type WebBots, type WebClient} from './core/web/connect.js';
export type {BatchOptions, BatchPrompt, BatchResult} from './core/many/batch.js';
export type {ComparedReply, CompareOptions} from './core/many/compare.js';
export type {SiteFacts, UploadFormat} from './core/web/protocol/facts.js';
export type {OperationVersion, SiteVersion} from './core/web/protocol/operations/operation.js';
export type {TagRecipe} from './core/web/protocol/tag.js';
export type {FoundFacts, FoundFormKey, SessionStore, WebTokens} from './core/web/session/session.js';
export {openArchive, type OpenArchiveOptions} from './store/archive/open-archive.js';
