import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {change, largePaste} from '../prompt/prompt-state.js';
import {erase} from '../prompt/draft.js';
import type {ChatStore} from '../state/store.js';
import {attachFile} from '../state/transitions.js';

/** The files of one chat that were pasted as text. Only the user can read them. They exist until the chat ends. */
export class PasteFiles {
  #folder: string | undefined;
  #count = 0;

  /** Turns the long paste before the caret into an attached file. @throws the system's error */
  attach(store: ChatStore): void {
    const {prompt} = store.getSnapshot();
    const text = largePaste(prompt);
    if (text === undefined) return;
    this.#folder ??= mkdtempSync(join(tmpdir(), 'poe-'));
    this.#count += 1;
    const name = `pasted-${this.#count}.txt`;
    const source = join(this.#folder, name);
    writeFileSync(source, text, {mode: 0o600});
    store.apply((state) => ({...state, prompt: change(state.prompt, erase(state.prompt.draft, 'left').draft)}));
    store.apply(attachFile({source, name, size: Buffer.byteLength(text)}));
  }

  /** Never throws. */
  close(): void {
    if (this.#folder === undefined) return;
    try {
      rmSync(this.#folder, {recursive: true, force: true});
    } catch {
      // The system deletes temporary files some time later.
    }
  }
}
