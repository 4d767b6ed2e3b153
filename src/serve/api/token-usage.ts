import * as v from 'valibot';
import {count} from '../../core/input/lenient.js';
import type {TokenUsage} from '../../core/reply.js';

const details = v.fallback(v.nullish(v.object({cached_tokens: count}), null), null);

/** The counts of tokens in all three formats. */
const Usage = v.object({
  prompt_tokens: v.optional(count),
  completion_tokens: v.optional(count),
  prompt_tokens_details: v.optional(details),
  input_tokens: v.optional(count),
  output_tokens: v.optional(count),
  input_tokens_details: v.optional(details),
  cache_read_input_tokens: v.optional(count),
  cache_creation_input_tokens: v.optional(count),
});

/** The tokens of a `usage` object; undefined if it has none. */
export function tokenUsage(value: unknown): TokenUsage | undefined {
  const parsed = v.safeParse(Usage, value);
  if (!parsed.success) return undefined;
  const usage = parsed.output;
  const read = usage.cache_read_input_tokens ?? null;
  const promptTokens = usage.prompt_tokens ?? addCache(usage.input_tokens ?? null, usage);
  const completionTokens = usage.completion_tokens ?? usage.output_tokens ?? null;
  if (promptTokens === null && completionTokens === null) return undefined;
  const {cached_tokens: cached = null} = usage.prompt_tokens_details ?? usage.input_tokens_details ?? {};
  return {promptTokens, completionTokens, cachedTokens: cached ?? read};
}

/** Anthropic counts what was read from the cache, or written to it, separately. */
function addCache(input: number | null, usage: v.InferOutput<typeof Usage>): number | null {
  if (input === null) return null;
  return input + (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
}

/** The tokens of a reply whose counts arrive in parts. */
export function addUsage(before: TokenUsage | undefined, more: TokenUsage | undefined): TokenUsage | undefined {
  if (!before || !more) return more ?? before;
  return {
    promptTokens: more.promptTokens || before.promptTokens,
    completionTokens: more.completionTokens ?? before.completionTokens,
    cachedTokens: more.cachedTokens || before.cachedTokens,
  };
}

/**
 * The last `usage` object in a part of a stream, which need not begin or end with an event. Nothing else of it is parsed.
 * A text cannot be mistaken for it, because quotes in texts have a backslash before them.
 */
export function lastUsageIn(text: string): TokenUsage | undefined {
  const marks = [...text.matchAll(/(?<!\\)"usage"\s*:\s*(?=\{)/g)];
  for (const {index, 0: mark} of marks.toReversed()) {
    const usage = tokenUsage(objectAt(text, index + mark.length));
    if (usage) return usage;
  }
  return undefined;
}

/** The object that begins at an index. Objects of tokens contain no text with braces. */
function objectAt(text: string, start: number): unknown {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text[at] === '{') depth++;
    if (text[at] === '}' && --depth === 0) {
      try {
        return JSON.parse(text.slice(start, at + 1));
      } catch {
        return undefined;
      }
    }
  }
  return undefined;
}
