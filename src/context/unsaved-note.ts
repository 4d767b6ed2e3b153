import {PoeError} from '../core/errors.js';
import {reasonOf} from '../store/files/errors.js';
import {unwritableReason} from '../store/files/folder.js';

/**
 * The notes for a settings folder that cannot be written or read. A chat and the commands that run in it print them
 * once.
 */
export class UnsavedNote {
  readonly #folder: string;
  readonly #note: (text: string) => void;
  #isShown = false;

  constructor(folder: string, note: (text: string) => void) {
    this.#folder = folder;
    this.#note = note;
  }

  /**
   * Prints a note if something that is not required could not be saved. @param error of the system, or with one as its
   * cause
   */
  show(error: unknown): void {
    const problem = this.#problem(reasonOf(error instanceof PoeError ? error.cause : error));
    this.#showOnce(`${problem}. To save them, ${chooseFolder}.`);
  }

  /** The profiles could not be read, but are not required. */
  showUnread({message}: PoeError): void {
    this.#showOnce(`${message}. To use another folder, set POE_CONFIG_DIR.`);
  }

  /** An error about missing credentials, with another next step if logging in could not save any. */
  explain(error: PoeError): PoeError {
    const reason = unwritableReason(this.#folder);
    if (reason === undefined) return error;
    const hint = `${this.#problem(reason)}. Set POE_API_KEY to an API key from https://poe.com/api/keys, or ${chooseFolder} and log in.`;
    return new PoeError(error.code, error.message, {...error.facts, hint, remedy: undefined});
  }

  /** @throws PoeError `store` if nothing can be saved */
  check(): void {
    const reason = unwritableReason(this.#folder);
    if (reason === undefined) return;
    throw new PoeError('store', this.#problem(reason), {remedy: 'choose_config_folder'});
  }

  #problem(reason: string): string {
    return `Chats and settings cannot be saved in ${this.#folder} (${reason})`;
  }

  #showOnce(text: string): void {
    if (this.#isShown) return;
    this.#isShown = true;
    this.#note(text);
  }
}

const chooseFolder = 'set POE_CONFIG_DIR to a folder that you can write to';
