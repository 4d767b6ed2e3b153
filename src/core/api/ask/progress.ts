import {streamTooLarge} from '../http/events.js';
import type {StoredFile} from '../chats/stored-files.js';

/** Tokens, often estimated by Poe. */
export interface Usage {
  promptTokens: number | null;
  completionTokens: number | null;
}

/** How far an answer has come. */
export interface Progress {
  text: string;
  /** What the bot thought before it wrote. */
  reasoning: string;
  usage: Usage | null;
  files: readonly StoredFile[];
  suggestedReplies: readonly string[];
  /** Why the bot stopped, as OpenAI names it; null where that is not told (yet). */
  finishReason: string | null;
}

export const noProgress: Progress = {
  text: '',
  reasoning: '',
  usage: null,
  files: [],
  suggestedReplies: [],
  finishReason: null,
};

/** The longest answer that Poe has (2025), in characters. */
const longest = 512_000;
const mostCharacters = 8 * 1024 * 1024;

/**
 * Tells how an answer stands after each event; beyond the longest that Poe has, once for all that came together: whoever is told
 * looks at the whole answer, and many small events after a long text would take him for ever.
 * @param step what one event makes of it; undefined where it is the last
 * @returns whether there was a last one
 * @throws what a step throws; `reply_lost` for more than any answer has
 */
export async function* trackProgress<E>(
  batches: AsyncIterable<readonly E[]>,
  step: (before: Progress, event: E) => Progress | undefined,
): AsyncGenerator<Progress, boolean, undefined> {
  let progress = noProgress;
  for await (const events of batches) {
    let told = progress;
    for (const event of events) {
      const next = step(progress, event);
      if (!next) {
        if (told !== progress) yield progress;
        return true;
      }
      if (next === progress) continue;
      progress = next;
      if (lengthOf(progress) <= longest) yield (told = progress);
    }
    if (told !== progress) yield progress;
    if (lengthOf(progress) > mostCharacters) throw streamTooLarge();
  }
  return false;
}

const lengthOf = ({text, reasoning}: Progress): number => text.length + reasoning.length;
