import {createHash} from 'node:crypto';

/** A block of a prompt, in the order in which the provider reads them: tools, system texts, messages. */
export interface PromptBlock {
  /** All of the block that the provider compares: its bytes without the mark. */
  content: string;
  tokens: number;
  /** Whether the prompt up to this block shall be cached. */
  isMarked: boolean;
}

/** Tokens of a prompt by how they are charged. */
export interface PromptTokens {
  cacheRead: number;
  cacheWrite: number;
  /** Neither read from the cache nor written to it. */
  input: number;
}

const lifetimeMs = 5 * 60_000;
/** How many blocks before a mark the provider looks for a cached prompt. */
const lookback = 20;
/** Shorter prompts are not cached (April 2026). */
const minTokens = (model: string): number => (/haiku/i.test(model) ? 4096 : 1024);

/** The prompts that a provider has cached. A prompt that differs in one byte is another one. */
export class PromptCache {
  readonly #usedAt = new Map<string, number>();

  /** Reads a prompt, and caches it up to its last mark. */
  read(model: string, blocks: readonly PromptBlock[]): PromptTokens {
    const prefixes = prefixesOf(model, blocks);
    const marks = blocks.flatMap(({isMarked}, index) => (isMarked ? [index] : []));
    const now = Date.now();
    const candidates = new Set(marks.flatMap((mark) => range(Math.max(0, mark - lookback), mark)));
    const hit = Math.max(-1, ...[...candidates].filter((index) => this.#has(prefixes[index]?.hash, now)));
    const total = prefixes.at(-1)?.tokens ?? 0;
    const cacheRead = prefixes[hit]?.tokens ?? 0;
    const cached = marks.filter((mark) => (prefixes[mark]?.tokens ?? 0) >= minTokens(model));
    for (const index of [hit, ...cached]) {
      const hash = prefixes[index]?.hash;
      if (hash !== undefined) this.#usedAt.set(hash, now);
    }
    const cacheWrite = Math.max(0, (prefixes[cached.at(-1) ?? -1]?.tokens ?? 0) - cacheRead);
    return {cacheRead, cacheWrite, input: total - cacheRead - cacheWrite};
  }

  #has(hash: string | undefined, now: number): boolean {
    const usedAt = hash === undefined ? undefined : this.#usedAt.get(hash);
    return usedAt !== undefined && now - usedAt < lifetimeMs;
  }
}

function prefixesOf(model: string, blocks: readonly PromptBlock[]): {hash: string; tokens: number}[] {
  let hash = model;
  let tokens = 0;
  return blocks.map((block) => {
    hash = createHash('sha256').update(`${hash}\n${block.content}`).digest('hex');
    tokens += block.tokens;
    return {hash, tokens};
  });
}

const range = (from: number, to: number): number[] => Array.from({length: to - from + 1}, (_, index) => from + index);
