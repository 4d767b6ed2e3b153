import type {ChatState} from '../state/chat-state.js';
import {closeStaleMenu, settleTab} from '../state/press-in-menu.js';
import {settleEnter} from '../state/press-in-picker.js';
import type {ChatStore} from '../state/store.js';
import {Feed} from './feed.js';
import type {ListState} from './list-state.js';
import type {Source} from './source.js';
import type {Target} from './target.js';

interface MenuLoaderOptions {
  store: ChatStore;
  /** Where the entries for a part of the draft come from; undefined if it cannot be completed. */
  sourceFor(target: Target): Promise<Source | undefined>;
  /** Whether the entries for one target are also those for another. */
  isSameSource(one: Target, other: Target): boolean;
  /** Called when Enter, pressed before there were entries, has chosen one of a picker. */
  onPicked(value: string | undefined): void;
  describe(error: unknown): string;
}

/** Loads the entries of the open menu or picker. When it is closed, or shows something else, the work for it ends. */
export class MenuLoader {
  readonly #options: MenuLoaderOptions;
  #owner: Source | Target | undefined;
  #feed: Feed | undefined;
  /** Aborted when the source that it waits for is no longer needed. */
  #opening = new AbortController();

  constructor(options: MenuLoaderOptions) {
    this.#options = options;
    options.store.subscribe(this.#update);
  }

  close(): void {
    this.#opening.abort();
    this.#feed?.close();
  }

  readonly #update = (): void => {
    this.#options.store.apply(closeStaleMenu);
    const {picker, menu} = this.#options.store.getSnapshot();
    const owner = picker?.source ?? menu?.target;
    if (!this.#isSameOwner(owner)) this.#open(owner);
    this.#owner = owner;
    this.#follow();
  };

  #isSameOwner(owner: Source | Target | undefined): boolean {
    const before = this.#owner;
    if (before === owner) return true;
    return isTarget(before) && isTarget(owner) && this.#options.isSameSource(before, owner);
  }

  #open(owner: Source | Target | undefined): void {
    this.close();
    this.#feed = undefined;
    // It shows its own errors.
    if (isTarget(owner)) void this.#openMenu(owner);
    else if (owner) this.#load(owner);
  }

  async #openMenu(target: Target): Promise<void> {
    const {store, sourceFor, describe} = this.#options;
    const {signal} = (this.#opening = new AbortController());
    try {
      const source = await sourceFor(target);
      if (signal.aborted) return;
      if (source) {
        this.#load(source);
        this.#follow();
      } else store.apply(updateList((list) => ({...list, isLoading: false})));
    } catch (error) {
      const problem = describe(error);
      if (!signal.aborted) this.#apply((list) => ({...list, isLoading: false, problem}));
    }
  }

  #load(source: Source): void {
    this.#feed = new Feed(source, (update) => this.#apply(update), this.#options.describe);
  }

  #follow(): void {
    const {picker, menu} = this.#options.store.getSnapshot();
    const list = picker?.list ?? menu?.list;
    if (list) this.#feed?.follow(list);
  }

  #apply(update: (list: ListState) => ListState): void {
    const {store, onPicked} = this.#options;
    store.apply(updateList(update));
    store.apply(settleTab);
    const {picker} = store.getSnapshot();
    const picked = picker && settleEnter(picker);
    if (picked) onPicked(picked.value);
  }
}

const isTarget = (owner: Source | Target | undefined): owner is Target => owner !== undefined && 'anchor' in owner;

/** Changes the list that is open. */
const updateList =
  (update: (list: ListState) => ListState) =>
  (state: ChatState): ChatState => {
    const {picker, menu} = state;
    const list = picker?.list ?? menu?.list;
    const updated = list && update(list);
    if (!updated || updated === list) return state;
    return picker
      ? {...state, picker: {...picker, list: updated}}
      : menu
        ? {...state, menu: {...menu, list: updated}}
        : state;
  };
