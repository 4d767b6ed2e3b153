import {replyTooLarge} from '../http/events.js';
import type {StoredMessage} from '../chats/chat-log.js';
import type {AddedText} from '../../reply.js';
import type {StoredFile} from '../chats/stored-files.js';

/* Types and functions for both protocols: chat completions and Poe's own bot protocol. */

/** A request to a bot. */
export interface BotQuery {
  /** The bot's handle, without the maker's name. */
  bot: string;
  /** The context, oldest first; the message to answer is the last. */
  messages: readonly StoredMessage[];
  parameters: Readonly<Record<string, unknown>>;
}

/** Tokens, often estimated by Poe. */
export interface TokenUsage {
  promptTokens: number | null;
  completionTokens: number | null;
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
}

export const noneAdded: AddedText = {text: '', reasoning: ''};

export const emptyProgress: ReplyProgress = {
  text: '',
  reasoning: '',
  added: noneAdded,
  usage: null,
  files: [],
  suggestedReplies: [],
  finishReason: null,
};

/** Adds to the text and the reasoning. */
export const addText = (before: ReplyProgress, text: string, reasoning = ''): ReplyProgress => ({
  ...before,
  text: before.text + text,
  reasoning: before.reasoning + reasoning,
  added: before.added && {text: before.added.text + text, reasoning: before.added.reasoning + reasoning},
});

/** Whether anything of a reply has arrived. */
export const hasContent = ({text, reasoning, files, finishReason}: ReplyProgress): boolean =>
  text !== '' || reasoning !== '' || files.length > 0 || finishReason !== null;

const maxLength = 8 * 1024 * 1024;

/**
 * Applies events to a reply and yields the reply after all events that arrived together, if they change it: consumers then take
 * the same time for each, however many there are.
 * @param apply returns the reply after an event; undefined for the event that ends the stream
 * @returns whether the stream was ended by an event
 * @throws what `apply` throws, after the events before; PoeError `reply_lost` if the reply is too large
 */
export async function* trackProgress<E>(
  batches: AsyncIterable<readonly E[]>,
  apply: (before: ReplyProgress, event: E) => ReplyProgress | undefined,
): AsyncGenerator<ReplyProgress, boolean, undefined> {
  let progress = emptyProgress;
  for await (const events of batches) {
    const before = {...progress, added: noneAdded};
    progress = before;
    let isEnded = false;
    let failure: {error: unknown} | undefined;
    try {
      for (const event of events) {
        const next = apply(progress, event);
        isEnded = next === undefined;
        if (!next) break;
        progress = next;
      }
    } catch (error) {
      failure = {error};
    }
    if (progress !== before) yield progress;
    if (failure) throw failure.error;
    if (isEnded) return true;
    if (lengthOf(progress) > maxLength) throw replyTooLarge();
  }
  return false;
}

const lengthOf = ({text, reasoning}: ReplyProgress): number => text.length + reasoning.length;
