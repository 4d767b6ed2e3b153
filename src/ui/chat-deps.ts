import type {PoeError} from '../core/errors.js';
import type {Chat, Message} from '../core/model.js';
import type {SlashCommand} from './slash-commands/slash-command.js';
import type {Reply} from '../core/reply.js';
import type {Connection} from '../core/connection.js';
import type {ReplyResult} from '../core/reply.js';

/** What a chat needs of the program around it. */
export interface Host {
  terminal: ChatTerminal;
  /** Aborted when the program is to end. */
  signal: AbortSignal;
  env: Readonly<Record<string, string | undefined>>;
  color: boolean;
  isForScreenReader: boolean;
  /** Whether a sign is wanted when a reply is there and nobody looks. */
  notifies: boolean;
  /** Where what was typed is kept; undefined where nothing is to be kept. */
  historyPath: string | undefined;
  /** @throws PoeError */
  send(text: string, to: Recipient): Promise<Reply>;
  /** Regenerates the last reply of the chat. @throws PoeError */
  retry(chat: Chat, signal: AbortSignal): Promise<Reply>;
  /** Keeps what a reply showed. */
  remember(whole: ReplyResult): Promise<void>;
  /** The bot by that name, or the account's default bot. @throws PoeError */
  bot(handle?: string): Promise<{handle: string; price: number | null}>;
  /** Points that are left; null where Poe does not tell. */
  balance(): Promise<number | null>;
  /** A chat as a person names it, with its last messages or all. @throws PoeError */
  chat(name: string, which?: 'last' | 'all'): Promise<{chat: Chat; messages: Message[]}>;
  /** Writes a file where nothing is. @throws PoeError */
  writeNewFile(path: string, text: string): Promise<void>;
  /** Runs a subcommand. @returns what it printed, and the error it ended with */
  run(words: readonly string[], within: Within): Promise<{text: string; error?: PoeError}>;
  /** Says from now on whether what happens on Poe is heard. */
  watchConnection(watcher: (connection: Connection) => void): void;
  /** Passes notes, log lines and errors to the chat, which prints them above its prompt. @returns a function that ends this */
  redirectNotes(writeLine: (line: string) => void): () => void;
  /** What can be typed besides what only a chat has. It takes a while when asked for the first time. */
  commands(): readonly SlashCommand[];
  /** Names for completion. */
  known(): Promise<{bots: string[]; chats: string[]; categories: string[]}>;
  toError(error: unknown): PoeError;
}

/** Where a subcommand runs. */
export interface Within {
  columns: number;
  signal: AbortSignal;
  ask: (question: string) => Promise<string | undefined>;
}

export interface Recipient {
  bot: string | undefined;
  chat: Chat | undefined;
  files: readonly string[];
  signal: AbortSignal;
}

export interface ChatTerminal {
  stdin: NodeJS.ReadableStream & {isTTY?: boolean; setRawMode?: (isRaw: boolean) => unknown};
  stdout: NodeJS.WritableStream & {isTTY?: boolean; columns?: number; rows?: number};
}
