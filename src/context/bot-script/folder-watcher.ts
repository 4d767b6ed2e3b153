import {type FSWatcher, watch} from 'node:fs';

/** Editors write a file in several steps. */
const settleMs = 100;

/** Waits for changes of the scripts and JSON files in a folder, but not in its folders. */
export class FolderWatcher {
  readonly #watcher: FSWatcher;
  #timer: NodeJS.Timeout | undefined;
  #report: () => void = () => {};
  #change = this.#newChange();

  constructor(folder: string) {
    this.#watcher = watch(folder, (_event, name) => {
      // The script may write files of its own.
      if (name !== null && !/\.(?:[cm]?[jt]s|json)$/.test(name)) return;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#report(), settleMs);
    });
    // The folder may be deleted.
    this.#watcher.on('error', () => {});
  }

  /** Waits for the next change since the last call. */
  async next(): Promise<'changed'> {
    await this.#change;
    this.#change = this.#newChange();
    return 'changed';
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#watcher.close();
  }

  #newChange(): Promise<void> {
    return new Promise((resolve) => (this.#report = resolve));
  }
}
