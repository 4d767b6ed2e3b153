import {replyTooLarge} from '../http/events.js';
import type {StoredMessage} from '../chats/chat-log.js';
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
  /** How many times the text was replaced instead of added to. */
  replacements: number;
  /** The bot's reasoning before its reply. */
  reasoning: string;
  usage: TokenUsage | null;
  files: readonly StoredFile[];
  suggestedReplies: readonly string[];
  /** Why the bot stopped, in OpenAI's terms; null if it has not, or gave no reason. */
  finishReason: string | null;
}

export const emptyProgress: ReplyProgress = {
  text: '',
  replacements: 0,
  reasoning: '',
  usage: null,
  files: [],
  suggestedReplies: [],
  finishReason: null,
};

/** Whether anything of a reply has arrived. */
export const hasContent = ({text, reasoning, files, finishReason}: ReplyProgress): boolean =>
  text !== '' || reasoning !== '' || files.length > 0 || finishReason !== null;

/** The longest reply that Poe allows (2025), in characters. */
const maxReplyLength = 512_000;
const maxLength = 8 * 1024 * 1024;

/**
 * Applies events to a reply and yields the reply after each event that changes it. If a reply is longer than Poe
 * allows, all events that arrived together count as one change: every consumer reads the whole text each time, so many
 * small events would take very long.
 * @param apply returns the reply after an event; undefined for the event that ends the stream
 * @returns whether the stream was ended by an event
 * @throws what `apply` throws; PoeError `reply_lost` if the reply is too large
 */
export async function* trackProgress<E>(
  batches: AsyncIterable<readonly E[]>,
  apply: (before: ReplyProgress, event: E) => ReplyProgress | undefined,
): AsyncGenerator<ReplyProgress, boolean, undefined> {
  let progress = emptyProgress;
  for await (const events of batches) {
    let yielded = progress;
    for (const event of events) {
      const next = apply(progress, event);
      if (!next) {
        if (yielded !== progress) yield progress;
        return true;
      }
      if (next === progress) continue;
      progress = next;
      if (lengthOf(progress) <= maxReplyLength) yield (yielded = progress);
    }
    if (yielded !== progress) yield progress;
    if (lengthOf(progress) > maxLength) throw replyTooLarge();
  }
  return false;
}

const lengthOf = ({text, reasoning}: ReplyProgress): number => text.length + reasoning.length;
