import {storeHistory} from '../prompt/history.js';
import type {ChatStore} from './store.js';

/** Stores every line that is added to the history. */
export function storeInput(store: ChatStore, path: string): void {
  let stored = store.getSnapshot().history.length;
  store.subscribe(() => {
    const {history} = store.getSnapshot();
    if (history.length > stored) storeHistory(path, history.slice(stored));
    stored = history.length;
  });
}
