export {type Client, type ClientSendOptions, connect, type ConnectOptions} from './core/client.js';
export {type ErrorCode, PoeError} from './core/errors.js';
export type {Log, LogEntry} from './core/log.js';
export type {Attachment, Bot, Chat, Message, Settings} from './core/model.js';
export type {Reply, Step, WholeReply} from './core/reply.js';
export type {ChatRef} from './core/web/chats.js';
export type {WebClient} from './core/web/client.js';
export type {FoundFormKey, SessionStore, WebTokens} from './core/web/session.js';
