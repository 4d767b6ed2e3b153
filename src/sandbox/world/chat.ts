import type {Bot} from './bots.js';
import type {Person} from './people.js';

/** A file sent with a message, with its content. */
export interface Upload {
  readonly name: string;
  readonly url: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  /** In hex. */
  readonly sha256: string;
}

/** A file of a message, without its content. */
export interface Attachment {
  readonly name: string;
  readonly url: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  /** In hex; only of the user's files. */
  readonly sha256?: string;
}

export const attachmentOf = ({name, url, mimeType, bytes, sha256}: Upload): Attachment => ({
  name,
  url,
  mimeType,
  size: bytes.length,
  sha256,
});

/** The work on a reply, and its cost. */
export interface JobRecord {
  readonly jobId: number;
  /** Null until it is known. */
  costPoints: number | null;
}

/** A source that a bot names. */
export interface Citation {
  readonly title: string;
  readonly url: string;
  readonly text: string;
}

export interface Message {
  readonly messageId: number;
  readonly code: string;
  /** Microseconds since 1970. */
  readonly timeUs: number;
  /** Null for the user's messages and context breaks. */
  readonly bot: Bot | null;
  /** Whether it is a context break: bots do not see the messages before it. */
  readonly isBreak: boolean;
  readonly clientNonce: string | null;
  /** The message of the chat that this one replies to. */
  readonly referencedMessageId: number | null;
  text: string;
  state: string;
  stateText: string | null;
  attachments: readonly Attachment[];
  suggestions: readonly string[];
  citations: readonly Citation[];
  /** Whether the user changed the text after sending it. */
  isEdited: boolean;
  /** What the user chose for the bot, as the site received it. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The length of the text at the time of cancellation. */
  cancelledAt: number;
  /** Null if no bot wrote the message. */
  job: JobRecord | null;
}

export interface Chat {
  readonly chatId: number;
  readonly code: string;
  readonly bot: Bot;
  /** Microseconds since 1970. */
  readonly createdUs: number;
  readonly messages: Message[];
  title: string | null;
  /** The time of the last message, in microseconds since 1970. */
  lastUs: number;
  /** Whether Poe sends bots only the part of the chat that they need. */
  isContextOptimized: boolean;
  isPinned: boolean;
  /** Bots and people of a group chat; empty for other chats. */
  members: readonly (Bot | Person)[];
  /** Not listed. */
  readonly isTemporary: boolean;
}

/** The fields of a message before its text is written. */
export const unwritten = {
  text: '',
  state: 'incomplete',
  stateText: null,
  attachments: [],
  suggestions: [],
  citations: [],
  isEdited: false,
  cancelledAt: 0,
};
