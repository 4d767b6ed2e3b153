import type {Connection} from '../core/client.js';
import type {PoeError} from '../core/errors.js';
import type {Bot, Chat, Message} from '../core/model.js';
import type {ModelBot} from '../core/model-bot.js';
import type {BotParameter} from '../core/parameters/bot-parameter.js';
import type {Reply, ReplyResult} from '../core/reply.js';
import type {ThemeName} from './theme.js';
import type {Wrap} from '../output/markdown/wrap.js';
import type {MessageImages} from '../output/images/image-viewer.js';
import type {AskTerminal} from '../output/images/terminal/detect-graphics.js';
import type {SlashCommand} from './slash-commands/slash-command.js';

/** What the chat needs from the program around it. */
export interface ChatDeps {
  terminal: ChatTerminal;
  /** Aborted when the program ends. */
  signal: AbortSignal;
  env: Readonly<Record<string, string | undefined>>;
  settings: ChatSettings;
  color: boolean;
  /** Default: `auto`. */
  theme?: ThemeName | undefined;
  /** Whether the text of replies is wrapped at words. Default: `words`. */
  wrap?: Wrap | undefined;
  isForScreenReader: boolean;
  /** Whether to omit notes: the opening lines, and the cost and the duration below each reply. */
  isQuiet: boolean;
  /** Whether new chats are temporary: neither Poe nor this machine lists them, and what is typed is not stored. */
  isTemporary: boolean;
  /** Whose points are spent: a profile, `API key`, `browser session` or `sandbox`. */
  account: string;
  /** Whether the terminal has neither keys nor escape sequences (TERM=dumb), so that the chat reads and prints lines. */
  isDumb: boolean;
  /** Whether to notify when a reply arrives while the terminal is in the background. */
  notifies: boolean;
  /** The file that stores what was typed; undefined to store nothing. */
  historyPath: string | undefined;
  /** @throws PoeError */
  send(text: string, to: Recipient): Promise<Reply>;
  /** Regenerates the last reply of a chat. @throws PoeError */
  retry(chat: Chat, how: RetryInChat): Promise<Reply>;
  /** The last reply of a chat, which may still arrive. @throws PoeError */
  attach(chat: Chat, how: {signal: AbortSignal}): Promise<Reply>;
  /** Whether a chat, or a new one, is on this machine, so that it has instructions and can be branched. @throws PoeError */
  isLocal(chat: Chat | undefined): Promise<boolean>;
  /** Stores the chat and the facts that a reply revealed. */
  remember(reply: ReplyResult): Promise<void>;
  /** The bot with that handle, or the account's default bot. @throws PoeError */
  bot(handle?: string): Promise<ChatBot>;
  /** What a bot that `bot` or `bots` returned costs by its price list, which takes a request; null if it has none. @throws PoeError */
  listedPrice?(handle: string, signal: AbortSignal): Promise<Pick<ChatBot, 'price' | 'rates'> | null>;
  /** The points left; null if Poe does not tell. */
  balance(): Promise<number | null>;
  /** A chat by ID, code, URL or "last", with its latest messages or all of them. @throws PoeError */
  chat(name: string, which?: 'last' | 'all'): Promise<{chat: Chat; messages: Message[]}>;
  /** Writes a file that must not exist yet. @throws PoeError */
  writeNewFile(path: string, text: string): Promise<void>;
  /** Runs a subcommand. @returns what it printed, and the error it ended with */
  run(words: readonly string[], options: RunOptions): Promise<{text: string; error?: PoeError}>;
  /** Shows images in the scrollback; undefined to show none. @param ask asks the terminal what it can show */
  images: ((ask: AskTerminal) => MessageImages) | undefined;
  /** Calls back when the state of the connection changes. */
  watchConnection(watcher: (connection: Connection) => void): void;
  /** Passes notes, log lines and errors to the chat, which prints them above its prompt. @returns a function that ends this */
  redirectNotes(writeLine: (line: string) => void): () => void;
  /** The subcommands that are valid in the chat. The first call is slow. */
  commands(): Promise<readonly SlashCommand[]>;
  /** The user's templates of messages. @throws PoeError */
  templates(): Promise<{name: string; description: string}[]>;
  /**
   * The message of a template. @param words the template, its arguments and variables  @param ask for a variable without a value
   * @returns undefined if the user dismissed a question  @throws PoeError
   */
  fromTemplate(
    words: readonly string[],
    ask: (question: string) => Promise<string | undefined>,
  ): Promise<{message: string; system: string | undefined; bot: string | undefined} | undefined>;
  /** What was used or seen recently, newest first. Takes no request. */
  known(): Promise<KnownNames>;
  /** Bots that match a query; for '' those that Poe shows first. @throws PoeError */
  bots(query: string, signal: AbortSignal): Promise<(Bot | ModelBot)[]>;
  /** The newest chats. @throws PoeError */
  chats(signal: AbortSignal): Promise<Chat[]>;
  /** The parameters of a bot that have an effect with these values. @throws PoeError */
  parameters(bot: BotInChat, values: ParameterTexts, signal: AbortSignal): Promise<BotParameter[]>;
  /**
   * Sets a parameter to a value; '' for the default.
   * @param parameter with the values of the others
   * @returns all values, without those that no longer have an effect
   * @throws PoeError `usage` for a parameter or value that the bot does not accept
   */
  setParameter(
    bot: BotInChat,
    parameter: {name: string; value: string; others: ParameterTexts},
    signal: AbortSignal,
  ): Promise<ParameterTexts>;
  /** The newest messages of a chat, oldest first. @throws PoeError */
  lastMessages(chat: Chat, signal: AbortSignal): Promise<Message[]>;
  toError(error: unknown): PoeError;
}

/** A bot in its chat; undefined for a new one. */
export interface BotInChat {
  handle: string;
  chat: Chat | undefined;
}

/** Values of parameters as they are typed, by name. */
export type ParameterTexts = Readonly<Record<string, string>>;

/** Names for menus, without control characters. */
export interface KnownNames {
  bots: {handle: string; name: string | null}[];
  chats: {chatCode: string; title: string | null}[];
  categories: string[];
}

/** How a subcommand runs in the chat. */
export interface RunOptions {
  columns: number;
  signal: AbortSignal;
  ask: (question: string) => Promise<string | undefined>;
  /** Words the next step after an error. */
  hintOf: (error: Pick<PoeError, 'hint' | 'facts'>) => string | undefined;
}

/** The user's settings, which may change while the chat is open. */
export interface ChatSettings {
  get(key: 'theme'): 'auto' | 'dark' | 'light';
  get(key: 'wrap'): 'words' | 'none';
  get(key: 'images'): 'auto' | 'off';
  get(key: 'keys'): 'emacs' | 'vi';
}

export interface ChatBot {
  handle: string;
  /** Points per message; null if unknown. */
  price: number | null;
  /** Points per 1,000 tokens, "87 in, 433 out"; null if unknown. */
  rates?: string | null;
}

export interface Recipient {
  bot: string | undefined;
  chat: Chat | undefined;
  files: readonly string[];
  /** Parameters of the bot for this chat, by name. */
  parameters?: ParameterTexts;
  signal: AbortSignal;
  /** Instructions for the bot: for a local chat from here on, otherwise at the beginning of this message. */
  system?: string | undefined;
  /** Start a new chat with the messages of the chat before this one. Only for a local chat. */
  branchAt?: Message['messageId'] | undefined;
  /** Whether the chat that the message starts does not become the last one. */
  isAside?: boolean;
}

export interface RetryInChat {
  /** Another bot than the one that wrote the reply; only in a local chat. */
  bot?: string;
  parameters?: ParameterTexts;
  signal: AbortSignal;
}

export interface ChatTerminal {
  stdin: NodeJS.ReadableStream & {isTTY?: boolean; setRawMode?: (isRaw: boolean) => unknown};
  stdout: NodeJS.WritableStream & {
    isTTY?: boolean;
    columns?: number;
    rows?: number;
    /** Node's own reaction to SIGWINCH, for which it has no public name. */
    _refreshSize?: () => void;
  };
}
