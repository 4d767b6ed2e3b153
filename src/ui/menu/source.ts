import type {MenuEntry} from './entry.js';

/** Where the entries of a list come from. All its work ends when the signal is aborted: when the list is closed. */
export interface Source {
  /** Yields all entries known so far, as often as more are known. @throws PoeError, which is shown below the list */
  load(signal: AbortSignal): AsyncIterable<readonly MenuEntry[]>;
  /** Finds further entries for what was typed. The signal is also aborted by the next key. */
  search?: {
    /** How long to wait for further keys. */
    delayMs: number;
    run(query: string, signal: AbortSignal): Promise<readonly MenuEntry[]>;
  };
  /** A fact about an entry that takes a request, such as its price; '' if there is none. Asked for near the marked entry only. */
  fact?(entry: MenuEntry, signal: AbortSignal): Promise<string>;
  /** More about an entry, for example the last message of a chat. */
  preview?(entry: MenuEntry, signal: AbortSignal): Promise<string>;
  /** Whether entries stay in their order, and match only if they contain the typed words. */
  isOrdered?: boolean;
}

/** A source of entries that are already known. */
export const fixed = (entries: readonly MenuEntry[], {isOrdered = false} = {}): Source => ({
  isOrdered,
  async *load() {
    yield entries;
  },
});
