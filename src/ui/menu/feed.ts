import {setTimeout} from 'node:timers/promises';
import {sanitizeLine} from '../../output/terminal/sanitize.js';
import type {MenuEntry} from './entry.js';
import {type EntryList, fuzzyList, orderedList} from './entry-list.js';
import {
  type ListState,
  markedEntry,
  newList,
  type SearchResult,
  withChanged,
  withEntries,
  withFound,
} from './list-state.js';
import type {Source} from './source.js';

/** How long an entry is marked before more of it is loaded. */
const previewDelayMs = 200;
/** The places of the marked entry and of as many neighbors as can be visible, the nearest first. */
const nearPlaces = [0, ...[1, 2, 3, 4, 5, 6, 7].flatMap((distance) => [-distance, distance])];

type Update = (list: ListState) => ListState;

/** Brings entries from a source into a list, until it is closed. */
export class Feed {
  readonly #source: Source;
  readonly #apply: (update: Update) => void;
  readonly #describe: (error: unknown) => string;
  readonly #controller = new AbortController();
  #search = new AbortController();
  #preview = new AbortController();
  #loaded: readonly MenuEntry[] = [];
  readonly #found = new Map<string, MenuEntry>();
  /** Facts that took a request, by the value of the entry. */
  readonly #facts = new Map<string, string>();
  readonly #loading: Promise<void>;
  /** The last request for a fact. It goes on when another entry is marked: its answer will be of use. */
  #asking: Promise<void> = Promise.resolve();
  /** Whether such a request has failed. No more are made then: Poe may limit their number. */
  #hasFailed = false;
  #query: string | undefined;
  #marked: string | undefined;
  #list: ListState | undefined;
  #isLoading = true;
  #isSearching = false;

  /** @param describe words an error in one line */
  constructor(source: Source, apply: (update: Update) => void, describe: (error: unknown) => string) {
    this.#source = source;
    this.#describe = describe;
    this.#apply = (update) => {
      if (!this.#controller.signal.aborted) apply(update);
    };
    this.#apply((list) => ({...list, isLoading: true, preview: source.preview && ''}));
    // It shows its own errors.
    this.#loading = this.#load();
  }

  /** Must be called when the list has changed: it may need a search or a preview. */
  follow(list: ListState): void {
    this.#list = list;
    if (list.query !== this.#query) void this.#searchFor((this.#query = list.query));
    const marked = markedEntry(list);
    if (marked?.value === this.#marked) return;
    this.#marked = marked?.value;
    void this.#previewOf(marked);
  }

  /** Ends all work. */
  close(): void {
    this.#controller.abort();
    this.#search.abort();
    this.#preview.abort();
  }

  async #load(): Promise<void> {
    const {signal} = this.#controller;
    try {
      for await (const entries of this.#source.load(signal)) {
        this.#loaded = entries;
        await this.#show();
      }
    } catch (error) {
      this.#fail(error, signal);
    } finally {
      this.#isLoading = false;
      this.#showProgress();
    }
  }

  async #searchFor(query: string): Promise<void> {
    const {search} = this.#source;
    this.#search.abort();
    if (!search || query.trim() === '') return this.#setSearching(false);
    const {signal} = (this.#search = new AbortController());
    this.#setSearching(true);
    try {
      if (search.delayMs > 0) await setTimeout(search.delayMs, undefined, {signal});
      const found = await search.run(query, signal);
      if (signal.aborted) return;
      for (const entry of found) {
        this.#found.set(entry.value, entry);
        // More may be known of an entry that was found.
        if (this.#facts.get(entry.value) === '') this.#facts.delete(entry.value);
      }
      await this.#show({query, found: found.map((entry) => this.#withFact(entry))});
    } catch (error) {
      this.#fail(error, signal);
    } finally {
      if (!signal.aborted) this.#setSearching(false);
    }
  }

  /** Loads more about the marked entry, then the facts about its neighbors, one after the other. */
  async #previewOf(entry: MenuEntry | undefined): Promise<void> {
    const {preview, fact} = this.#source;
    this.#preview.abort();
    if (!(preview || fact) || !entry) return;
    const {signal} = (this.#preview = new AbortController());
    try {
      await setTimeout(previewDelayMs, undefined, {signal});
      await this.#askAbout(entry, signal);
      if (signal.aborted) return;
      const text = await preview?.(entry, signal);
      if (signal.aborted) return;
      if (text !== undefined)
        this.#apply((list) => (markedEntry(list)?.value === entry.value ? {...list, preview: text} : list));
      for (let next = this.#nextWithoutFact(); next && !signal.aborted; next = this.#nextWithoutFact()) {
        await this.#askAbout(next, signal);
      }
    } catch {
      // A list is of use without previews.
    }
  }

  #nextWithoutFact(): MenuEntry | undefined {
    const {matches, marked} = this.#list ?? newList();
    return nearPlaces.flatMap((place) => matches[marked + place] ?? []).find((entry) => this.#needsFact(entry));
  }

  #needsFact({value, fact}: MenuEntry): boolean {
    return this.#source.fact !== undefined && !this.#hasFailed && !fact && !this.#facts.has(value);
  }

  async #askAbout(entry: MenuEntry, signal: AbortSignal): Promise<void> {
    if (!this.#needsFact(entry)) return;
    // Only a list that was loaded tells which requests are needed.
    await this.#loading;
    await this.#asking;
    if (!signal.aborted && this.#needsFact(entry)) await (this.#asking = this.#showFact(entry));
  }

  async #showFact(entry: MenuEntry): Promise<void> {
    try {
      this.#facts.set(entry.value, (await this.#source.fact?.(entry, this.#controller.signal)) ?? '');
    } catch {
      this.#hasFailed = true;
    }
    if (!this.#facts.get(entry.value)) return;
    const all = await this.#all();
    this.#apply((list) => withChanged(list, all, (each) => this.#withFact(each)));
  }

  #withFact(entry: MenuEntry): MenuEntry {
    const fact = this.#facts.get(entry.value);
    return fact && !entry.fact ? {...entry, fact} : entry;
  }

  /** All entries. Those that a search has found stay for later queries, and tell more than loaded ones. */
  async #all(): Promise<EntryList> {
    const byValue = new Map(this.#loaded.map((entry) => [entry.value, entry]));
    for (const [value, entry] of this.#found) byValue.set(value, entry);
    const entries = [...byValue.values()].map((entry) => this.#withFact(entry));
    return this.#source.isOrdered === true ? orderedList(entries) : await fuzzyList(entries);
  }

  async #show(result?: SearchResult): Promise<void> {
    const all = await this.#all();
    this.#apply((list) => (result ? withFound(list, all, result) : withEntries(list, all)));
  }

  #fail(error: unknown, signal: AbortSignal): void {
    if (!signal.aborted) this.#apply((list) => ({...list, problem: sanitizeLine(this.#describe(error))}));
  }

  #setSearching(isSearching: boolean): void {
    this.#isSearching = isSearching;
    this.#showProgress();
  }

  #showProgress(): void {
    const isLoading = this.#isLoading || this.#isSearching;
    this.#apply((list) => (list.isLoading === isLoading ? list : {...list, isLoading}));
  }
}
