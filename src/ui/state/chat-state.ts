import type {Connection} from '../../core/client.js';
import type {Chat, Message} from '../../core/model.js';
import type {ChatBot} from '../chat-deps.js';
import type {Attachment, MentionedFile} from '../attachments/attachment.js';
import type {PickerState} from '../menu/picker-state.js';
import type {PromptMenu} from '../menu/prompt-menu.js';
import type {PromptText} from '../prompt/prompt-text.js';
import type {ViState} from '../prompt/vi/vi-keys.js';
import type {ShellOutput} from '../shell/shell-output.js';
import {emptyPrompt, type InputHistory, type PromptState} from '../prompt/prompt-state.js';

/** Everything that the screen shows below the scrollback, and what the keys change. It is never modified in place. */
export interface ChatState {
  prompt: PromptState;
  history: InputHistory;
  /** The state of vi's keys, if they are used. */
  vi: ViState | undefined;
  /** A question of a command. While there is one, keys go to its own prompt. */
  question: {text: string; prompt: PromptState} | undefined;
  /** A list to choose from. While there is one, keys go to it. */
  picker: PickerState | undefined;
  /** What can be typed at the caret. */
  menu: PromptMenu | undefined;
  /** Where in the draft the menu was closed with Esc: there it does not open again by itself. */
  menuClosedAt: number | undefined;
  /** Whether the screen has room for menus. If not, Tab lists the choices. */
  hasMenus: boolean;
  /** A draft that waits while a command is typed. */
  aside: PromptText | undefined;
  /** The earlier question that the draft is to replace. */
  edited: EditedQuestion | undefined;
  /** Whether Esc was pressed once on an empty line. */
  isEscaped: boolean;
  /** Whether Ctrl+C was pressed once on an empty line. */
  isLeaving: boolean;
  /** Whether the bot and the chat to start with are still being looked up. */
  isStarting: boolean;
  /** Whether the opening lines are still below the scrollback. */
  isOpening: boolean;
  bot: ChatBot | undefined;
  chat: Chat | undefined;
  /** Whether new chats are temporary. */
  startsTemporary: boolean;
  /** Whether the open chat is temporary or, without one, the next. */
  isTemporary: boolean;
  /** Parameters of the bot that were set for this chat, by name. */
  parameters: Readonly<Record<string, string>>;
  connection: Connection;
  /** Whether a message or command is in progress, or was asked to stop. */
  activity: 'idle' | 'running' | 'stopping';
  /** What is in progress and is shown as such; undefined if nothing is. */
  progress: Progress | undefined;
  /** How far the video is that the bot makes: "making a video, 40 %". */
  video: string | undefined;
  /** The line below the last reply, until its cost is known. */
  footer: ReplyFooter | undefined;
  /** The reasoning of the last reply, if it has any. */
  reasoning: Reasoning | undefined;
  /** Messages to send after the current reply. */
  queue: readonly PromptText[];
  /** Files that a command attached to the next message. */
  files: readonly Attachment[];
  /** Files that the draft names as `@path`. */
  mentioned: readonly MentionedFile[];
  /** The unfinished end of the reply, as lines. */
  tail: string;
  /** The source text of the last reply. */
  lastReply: string;
  suggestions: readonly string[];
  /** Instructions for the bot, for each new chat. */
  system: string | undefined;
  /** The code of the chat whose bot has them, if one has. */
  systemSentTo: string | undefined;
  /** The last message, with the paths and URLs of its files. */
  lastSent: {text: string; files: readonly string[]} | undefined;
  /** The output of the last shell command, until it is used or the next message is sent. */
  shellOutput: ShellOutput | undefined;
  /** A long paste that the user keeps as text. */
  keptPaste: string | undefined;
  notice: string;
  /** Whether the notice tells what went wrong. */
  isProblem: boolean;
  points: Points;
}

export interface Progress {
  /** The command, such as `/doctor`; undefined for a message. */
  command: string | undefined;
  elapsedMs: number;
}

export interface ReplyFooter {
  /** How long the reply took. */
  tookMs: number;
}

/** What a bot wrote before its answer. It is folded into one line, unless the user expands it. */
export interface Reasoning {
  text: string;
  /** Undefined while the bot is thinking. */
  tookMs: number | undefined;
  /** Whether the user asked to see it. */
  isExpanded: boolean;
  /** Whether it is in the scrollback. */
  isPrinted: boolean;
}

/** An earlier question of a chat that is edited. */
export interface EditedQuestion {
  chat: Chat;
  messageId: Message['messageId'];
  /** Whether the chat is on this machine, so that it can be copied up to there. */
  isLocal: boolean;
}

export interface Points {
  lastCost: Cost | null;
  /** Tokens of the last prompt that the provider had in its cache; null if it does not say. */
  cachedTokens: number | null;
  /** Points left; null if Poe does not tell. */
  balance: number | null;
  /** What the last message cost and what is left as one line, once both are known. */
  summary: string;
}

/** What a message cost, in points. */
export interface Cost {
  points: number;
  /** With an API key, the cost is inferred from the account's usage. */
  isEstimate: boolean;
}

export const initialState = (history: InputHistory, {hasMenus = true, isTemporary = false} = {}): ChatState => ({
  prompt: emptyPrompt(history),
  history,
  vi: undefined,
  question: undefined,
  picker: undefined,
  menu: undefined,
  menuClosedAt: undefined,
  hasMenus,
  aside: undefined,
  edited: undefined,
  isEscaped: false,
  isLeaving: false,
  isStarting: true,
  isOpening: true,
  bot: undefined,
  chat: undefined,
  startsTemporary: isTemporary,
  isTemporary,
  parameters: {},
  connection: 'open',
  activity: 'idle',
  progress: undefined,
  video: undefined,
  footer: undefined,
  reasoning: undefined,
  queue: [],
  files: [],
  mentioned: [],
  tail: '',
  lastReply: '',
  suggestions: [],
  system: undefined,
  systemSentTo: undefined,
  lastSent: undefined,
  shellOutput: undefined,
  keptPaste: undefined,
  notice: '',
  isProblem: false,
  points: {lastCost: null, cachedTokens: null, balance: null, summary: ''},
});
