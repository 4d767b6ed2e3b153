import {redact} from './log/redact.js';

/** How Poe is used: poe.com with a browser session, or its API with a key. */
export type Backend = 'web' | 'api';

/** The kind of failure, for programs. */
export type ErrorCode =
  /** The call is invalid: an empty message, a malformed URL. */
  | 'usage'
  /** Poe rejected the call. */
  | 'refused'
  /** Poe no longer knows the hash of an operation: the site has changed. */
  | 'stale_operation'
  /** A response, page or script of Poe has an unknown format. */
  | 'not_understood'
  /** The bot ended its reply with an error. */
  | 'bot_failed'
  | 'bot_not_found'
  | 'user_not_found'
  | 'chat_not_found'
  | 'message_not_found'
  /** A file could not be read, fetched or written. */
  | 'file'
  /** The reply has no code block to extract. */
  | 'no_code'
  /** The reply is not the JSON that was requested. */
  | 'schema_mismatch'
  /** The reply has no file to save. */
  | 'no_file'
  /** Something was changed by somebody else since it was read. */
  | 'conflict'
  /** The reply of a bot is not what its tests expect. */
  | 'test_failed'
  /** There is no session or no API key for this operation. */
  | 'not_logged_in'
  /** Poe rejects the cookies or the API key. */
  | 'bad_tokens'
  /** Poe accepts the cookies, but not the form key. */
  | 'bad_form_key'
  | 'out_of_points'
  /** The bot costs more than `maxPoints`. */
  | 'too_expensive'
  /** The message would exceed the budget. */
  | 'over_budget'
  | 'rate_limited'
  | 'too_large'
  /** DNS, connection, TLS or proxy. */
  | 'network'
  /** Poe's servers failed: status 5xx, or a web page instead of data. */
  | 'unavailable'
  /** Cloudflare requires a browser check. */
  | 'cloudflare'
  /** Poe sent no data for too long. */
  | 'timeout'
  /** It is not known whether Poe has processed the message. It may have been charged. */
  | 'delivery_unknown'
  /** Poe accepted the message, but the reply did not arrive completely. */
  | 'reply_lost'
  /** The caller's signal was aborted. */
  | 'interrupted'
  /** Profiles or local chats could not be read or written. */
  | 'store';

const retryable: ReadonlySet<ErrorCode> = new Set(['network', 'unavailable', 'timeout', 'rate_limited']);

/**
 * The next step. The library does not know where an error is shown: `cli/hints.ts` words each remedy for the shell,
 * `ui/hints.ts` for the chat, `mcp/hints.ts` for models.
 */
export type Remedy =
  /** List the chats of the account. */
  | 'list_chats'
  /** Choose another bot. */
  | 'choose_bot'
  | 'wait_for_points'
  /** Name the bot to use. */
  | 'name_bot'
  /** Name the chat of the message. */
  | 'name_chat'
  /** Search for the bot. */
  | 'find_bot'
  /** Search for the user by name. */
  | 'find_user'
  /** List the categories of bots. */
  | 'list_categories'
  /** List the templates of messages. */
  | 'list_templates'
  /** List the messages of `chat`, with their ids. */
  | 'list_messages'
  /** Check the history before sending again. */
  | 'check_history'
  /** Check the newest charges before sending again. */
  | 'check_usage'
  /** Send a message to `chat`. */
  | 'send_message'
  /** Allow a higher price, or choose a cheaper bot. */
  | 'raise_max_points'
  /** Limit the length of the reply, allow a higher price, or choose a cheaper bot. */
  | 'limit_reply'
  /** Raise or remove the budget, or wait for the next period. */
  | 'raise_budget'
  /** Send the prompts of a batch again that failed. */
  | 'retry_batch'
  /** Get the rest of the reply in `chat`, after logging in again if the fact `needs` is set. */
  | 'attach'
  /** Regenerate the last reply in `chat`. */
  | 'retry_reply'
  /** Try again, or wait longer for data. */
  | 'raise_timeout'
  /** Check the proxy setting. */
  | 'check_proxy'
  /** Trust the certificate of a proxy that inspects TLS. */
  | 'trust_certificate'
  /** Check which files were attached. */
  | 'check_files'
  /** Send files inside the message instead of uploading them first. */
  | 'send_inline'
  /** Name the URL where the server of the API takes files, or send them inside the message. */
  | 'name_upload_url'
  /** Upload files before the message: they are too large to send inside it. */
  | 'upload_files'
  /** Look up the parameters of `bot` in the API's list. */
  | 'show_parameters'
  /** Enter an API key instead of signing in. */
  | 'enter_key'
  /** Check the client id used to sign in. */
  | 'check_client_id'
  /** List the chats that are stored on this machine. */
  | 'list_local_chats'
  /** Store profiles and chats in another folder. */
  | 'choose_folder'
  /** Look up the bots of the API. */
  | 'list_bots'
  /** Look up the points that are left. */
  | 'show_points'
  /** Log in, or log in again: with the backend in `needs`, or with either. */
  | 'log_in'
  /** Start a chat, or name one. */
  | 'choose_chat'
  /** Use a chat on poe.com, which requires a browser session. */
  | 'start_web_chat'
  /** Use a chat that was started with an API key. */
  | 'start_api_chat'
  /** Enter the form key by hand. */
  | 'enter_form_key'
  /** Omit the form key: it is found automatically. */
  | 'drop_form_key'
  /** Check which facts about the site have changed, and look for a newer version. */
  | 'check_site'
  /** Store the current facts about the site. */
  | 'refresh_site'
  /** Correct the proxy setting, or reach `host` without a proxy. */
  | 'fix_proxy'
  /** Give the proxy a user name and a password. */
  | 'log_in_to_proxy'
  /** Export `chat` instead of sharing it. */
  | 'export_chat'
  /** Clear the context of `chat` instead of having it optimized. */
  | 'clear_context'
  /** Send a message first: a sandbox of one command starts without chats. */
  | 'fill_sandbox'
  /** Make the bot forget the messages of `chat`, so that less is sent. */
  | 'forget_chat'
  /** Show the whole reply in `chat`. */
  | 'show_reply'
  /** Correct the file with the settings. */
  | 'edit_settings'
  /** Change settings without an editor. */
  | 'change_settings'
  /** Interrupt the program that receives the reply. */
  | 'interrupt'
  /** Send without a point limit. */
  | 'remove_point_limit'
  /** Choose a writable folder for settings. */
  | 'choose_config_folder'
  /** List the bots of the account. */
  | 'list_own_bots'
  /** Look at the changes of `bot`, then overwrite them or get them. */
  | 'resolve_conflict'
  /** Create the folder of a bot. */
  | 'create_bot_folder'
  /** Read the help of `command`, or the list of commands. */
  | 'show_help';

/** Facts about an error that a remedy may need. */
export interface ErrorFacts {
  remedy?: Remedy;
  /** The chat's code, or its number as text. */
  chat?: string;
  /** A bot's handle. */
  bot?: string;
  /** A host name. */
  host?: string;
  /** How long Poe asks to wait before another request, in seconds. */
  retryAfterS?: number;
  /** The HTTP status of a file that could not be downloaded. */
  status?: number;
  /** The backend that the operation needs: a browser session (`web`) or an API key (`api`). */
  needs?: Backend;
  /** The words of a command: "history show". */
  command?: string;
  /** Whether local chats can be listed although those on poe.com cannot. */
  hasLocalChats?: boolean;
  /** Similar names, best first. */
  suggestions?: readonly string[];
  /** All that is wrong, one line each, if it is more than the message says. */
  problems?: readonly string[];
}

export interface ErrorDetails extends ErrorFacts {
  /** The next step, as a sentence that is true wherever it is shown: it names no command or option. */
  hint?: string;
  cause?: unknown;
}

/** Every failure this library reports. `message` is one line without secrets. */
export class PoeError extends Error {
  override readonly name = 'PoeError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly facts: ErrorFacts;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, {hint, cause, ...facts}: ErrorDetails = {}) {
    super(redact(message), {cause});
    this.code = code;
    this.hint = hint === undefined ? undefined : redact(hint);
    this.facts = facts;
    this.retryable = retryable.has(code);
  }

  /** The same failure with another message or other details. It has this error as its cause. */
  with({message = this.message, ...details}: ErrorDetails & {message?: string}): PoeError {
    return new PoeError(this.code, message, {hint: this.hint, ...this.facts, cause: this, ...details});
  }
}

/**
 * The error for a message that Poe may have processed, although the call failed.
 * @param remedy how to find out
 */
export const maybeCharged = (cause: PoeError, remedy: 'check_history' | 'check_usage'): PoeError =>
  new PoeError('delivery_unknown', `${cause.message}; ${doubts[remedy]} may have been charged`, {remedy, cause});

const doubts = {check_history: 'it is not known whether the message arrived, and it', check_usage: 'the message'};

/** The error of an aborted signal: its reason if that is a PoeError, else `interrupted` with the reason as its cause. */
export function interruption(signal: AbortSignal | undefined): PoeError {
  const reason: unknown = signal?.reason;
  return reason instanceof PoeError ? reason : new PoeError('interrupted', 'Interrupted', {cause: reason});
}

const unreadable: ReadonlySet<ErrorCode> = new Set([
  'refused',
  'stale_operation',
  'not_understood',
  'chat_not_found',
  'message_not_found',
]);

/** Whether Poe does not send something readable, but other requests may succeed. */
export const isUnreadable = (error: unknown): error is PoeError =>
  error instanceof PoeError && unreadable.has(error.code);

/** After so many chats in a row that cannot be read, the others could not be either. */
export const maxUnreadableChats = 5;

/** The error of a call to a client that was closed. */
export const clientClosed = () => new PoeError('usage', 'The client is closed', {hint: 'Connect again.'});
