import {replyTooLarge} from '../http/events.js';
import type {StoredMessage} from '../chats/chat-log.js';
import type {AddedText, Source, TokenUsage} from '../../reply.js';
import type {ReplyBlock} from '../chats/reply-block.js';
import type {StoredFile} from '../chats/stored-files.js';

/* Types and functions for all protocols. */

/** A request to a bot. */
export interface BotQuery {
  /** The bot's handle, without the maker's name. */
  bot: string;
  /** Instructions that precede the messages. */
  system?: string | undefined;
  /** The context, oldest first; the message to answer is the last. */
  messages: readonly StoredMessage[];
  parameters: Readonly<Record<string, unknown>>;
  /** A JSON Schema that the reply should match. */
  schema?: object | undefined;
}

/** The text of the message to answer, after the instructions, for endpoints that take nothing else. */
export function promptOf({system, messages}: BotQuery): string {
  const text = messages.at(-1)?.text ?? '';
  return system === undefined ? text : `${system.trim()}\n\n${text}`;
}

/** A reply as far as it has arrived. */
export interface ReplyProgress {
  text: string;
  /** `text/plain`; undefined if the text is Markdown. */
  contentType?: string | undefined;
  /** The bot's reasoning before its reply. */
  reasoning: string;
  /** What was added to these since the progress before; undefined if the text was replaced. */
  added: AddedText | undefined;
  usage: TokenUsage | null;
  files: readonly StoredFile[];
  suggestedReplies: readonly string[];
  /** Why the bot stopped, in OpenAI's terms; null if it has not, or gave no reason. */
  finishReason: string | null;
  /** The reply in parts, if the protocol has them. */
  blocks?: readonly ReplyBlock[];
  /** The web pages that the bot cites. */
  sources?: readonly Source[];
}

const noneAdded: AddedText = {text: '', reasoning: ''};

export const emptyProgress: ReplyProgress = {
  text: '',
  reasoning: '',
  added: noneAdded,
  usage: null,
  files: [],
  suggestedReplies: [],
  finishReason: null,
};

/** Whether anything of a reply has arrived. */
export const hasContent = ({text, reasoning, files, finishReason}: ReplyProgress): boolean =>
  text !== '' || reasoning !== '' || files.length > 0 || finishReason !== null;

/** Poe's own limit is 512,000 characters (2025). */
const maxLength = 64 * 1024 * 1024;

/**
 * A reply that events add to. It is changed in place: most events add a word, and copying the reply would take longer than
 * reading the event.
 */
export class ReplyBuilder {
  #progress = emptyProgress;
  #hasChanged = false;
  #isReplaced = false;
  #text = '';
  #reasoning = '';

  /** The reply after all events so far. */
  get progress(): ReplyProgress {
    const {text, reasoning} = this.#progress;
    return {...this.#progress, text: text + this.#text, reasoning: reasoning + this.#reasoning, added: this.#added};
  }

  /** Why the bot stopped; null if it has not, or gave no reason. */
  get finishReason(): string | null {
    return this.#progress.finishReason;
  }

  /** Adds to the text and the reasoning. */
  add(text: string, reasoning = ''): void {
    this.#text += text;
    this.#reasoning += reasoning;
    this.#hasChanged = true;
  }

  replaceText(text: string): void {
    this.set({text});
    this.#text = '';
    this.#isReplaced = true;
  }

  /** Sets other fields. */
  set(fields: Partial<ReplyProgress>): void {
    this.#progress = {...this.#progress, ...fields};
    this.#hasChanged = true;
  }

  /** The reply, if it has changed since the last call. What was added is counted from there. */
  take(): ReplyProgress | undefined {
    if (!this.#hasChanged) return undefined;
    const {progress} = this;
    this.#progress = progress;
    [this.#text, this.#reasoning, this.#isReplaced, this.#hasChanged] = ['', '', false, false];
    return progress;
  }

  get #added(): AddedText | undefined {
    return this.#isReplaced ? undefined : {text: this.#text, reasoning: this.#reasoning};
  }
}

/**
 * Applies events to a reply and yields the reply after all events that arrived together, if they change it: consumers then take
 * the same time for each, however many there are.
 * @param apply adds an event to the reply; returns `ended` for the event that ends the stream
 * @returns whether the stream was ended by an event
 * @throws what `apply` throws, after the events before; PoeError `reply_lost` if the reply is too large
 */
export async function* trackProgress<E>(
  batches: AsyncIterable<readonly E[]>,
  apply: (reply: ReplyBuilder, event: E) => 'ended' | void,
): AsyncGenerator<ReplyProgress, boolean, undefined> {
  const reply = new ReplyBuilder();
  for await (const events of batches) {
    let isEnded = false;
    let failure: {error: unknown} | undefined;
    try {
      isEnded = events.some((event) => apply(reply, event) === 'ended');
    } catch (error) {
      failure = {error};
    }
    const progress = reply.take();
    if (progress) yield progress;
    if (failure) throw failure.error;
    if (isEnded) return true;
    if (progress && lengthOf(progress) > maxLength) throw replyTooLarge();
  }
  return false;
}

const lengthOf = ({text, reasoning}: ReplyProgress): number => text.length + reasoning.length;
