import type {Bot} from './bots.js';

/** A file that came with a message. */
export interface Upload {
  readonly name: string;
  readonly url: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  /** Of the bytes, in hex. */
  readonly sha256: string;
}

/** A file of a message, as the world remembers it. */
export interface Attachment {
  readonly name: string;
  readonly url: string;
  readonly mimeType: string;
  /** Bytes. */
  readonly size: number;
  /** In hex; of the user's files only. */
  readonly sha256?: string;
}

export const attachmentOf = ({name, url, mimeType, bytes, sha256}: Upload): Attachment => ({
  name,
  url,
  mimeType,
  size: bytes.length,
  sha256,
});

/** What a bot did at one go, and what it cost. */
export interface JobRecord {
  readonly jobId: number;
  /** Null until it is known. */
  costPoints: number | null;
}

export interface Message {
  readonly messageId: number;
  readonly code: string;
  readonly timeUs: number;
  /** Null where the viewer wrote it, or nobody. */
  readonly bot: Bot | null;
  /** Whether it is nobody's, and only says that bots forget what was before. */
  readonly isBreak: boolean;
  readonly clientNonce: string | null;
  text: string;
  state: string;
  stateText: string | null;
  attachments: readonly Attachment[];
  suggestions: readonly string[];
  /** How much had been written when it was cancelled. */
  cancelledAt: number;
  /** What wrote it; null where that was no bot. */
  job: JobRecord | null;
}

export interface Chat {
  readonly chatId: number;
  readonly code: string;
  readonly bot: Bot;
  readonly createdUs: number;
  readonly messages: Message[];
  title: string | null;
  lastUs: number;
  /** Whether bots are sent no more of it than they need. */
  isContextOptimized: boolean;
}

/** What a message is before anything is written. */
export const unwritten = {
  text: '',
  state: 'incomplete',
  stateText: null,
  attachments: [],
  suggestions: [],
  cancelledAt: 0,
};

/** A bot at work on an answer. */
export interface Job {
  readonly chat: Chat;
  /** The message it is writing; nothing once all is written. */
  readonly message: Message | undefined;
  /** Stops it where it is, and says so; if it is at the end of its text, it may finish. */
  cancel(): void;
  /** Stops it without a word. */
  abandon(): void;
}
