import type {ChatDeps} from '../chat-deps.js';
import {fuzzyList} from '../menu/entry-list.js';
import {MenuLoader} from '../menu/menu-loader.js';
import {pickByNumber} from '../menu/pick-by-number.js';
import type {PickOptions} from '../menu/picker-state.js';
import {insertEntry} from '../menu/prompt-menu.js';
import {fixed} from '../menu/source.js';
import {inputHistorySource} from '../menu/sources/input-history.js';
import {targetAt} from '../menu/target.js';
import {isSameSource, sourceFor} from '../menu/target-source.js';
import {recallLine} from '../prompt/prompt-state.js';
import type {ChatStore} from '../state/store.js';
import type {Input} from './input.js';

interface MenusOptions {
  deps: ChatDeps;
  store: ChatStore;
  input: Pick<Input, 'ask' | 'pick' | 'picked'>;
}

/** The lists that users choose from: menus and pickers, or numbered lists where the screen has no room for them. */
export class Menus {
  readonly #options: MenusOptions;
  readonly #loader: MenuLoader;

  constructor(options: MenusOptions) {
    this.#options = options;
    const {deps, store, input} = options;
    this.#loader = new MenuLoader({
      store,
      sourceFor: (target) => sourceFor(target, deps, store.getSnapshot()),
      isSameSource,
      onPicked: (value) => input.picked(value),
      describe: this.#describe,
    });
  }

  close(): void {
    this.#loader.close();
  }

  /** Has the user choose from a list. @returns the value of the entry; undefined if none is chosen */
  readonly pick = (options: PickOptions): Promise<string | undefined> => {
    const {deps, store, input} = this.#options;
    if (store.getSnapshot().hasMenus) return input.pick(options);
    return pickByNumber(options, {
      ask: (question) => input.ask(question),
      print: (lines) => store.print(lines),
      describe: this.#describe,
      signal: deps.signal,
    });
  };

  /** Replaces the draft with a line of the history. */
  async searchHistory(): Promise<void> {
    const {store} = this.#options;
    const {history} = store.getSnapshot();
    const at = await this.pick({title: 'Earlier input', source: inputHistorySource(history)});
    if (at === undefined) return;
    store.apply((state) => ({...state, prompt: recallLine(state.prompt, Number(at), state.history)}));
  }

  /** Completes what is before the caret, without a menu: if there are several entries, from a numbered list. */
  async complete(): Promise<void> {
    const {deps, store} = this.#options;
    const before = store.getSnapshot();
    const target = targetAt(before.prompt.draft);
    const source = target && (await sourceFor(target, deps, before));
    if (!target || !source) return;
    let list = await fuzzyList([]);
    for await (const entries of source.load(deps.signal)) list = await fuzzyList(entries);
    const matches = list.matching(target.query);
    const value =
      matches.length > 1 ? await this.pick({title: 'Completions', source: fixed(matches)}) : matches[0]?.value;
    const {draft} = before.prompt;
    if (value === undefined) return;
    store.apply((state) =>
      state.prompt.draft.text === draft.text ? {...state, prompt: insertEntry(state.prompt, target, {value})} : state,
    );
  }

  readonly #describe = (error: unknown): string => this.#options.deps.toError(error).message;
}
