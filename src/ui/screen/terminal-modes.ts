import type {ChatTerminal} from '../chat-deps.js';
import {focusOff, focusOn} from '../notifier.js';

const pasteOn = '\u001b[?2004h';
/** Paste mode off, wrapping on, cursor visible. */
const restored = '\u001b[?2004l\u001b[?7h\u001b[?25h';

interface ModeOptions {
  /** Whether the terminal is to report when it gets and loses the focus. */
  reportsFocus: boolean;
  /** Whether the terminal knows no escape sequences. Then it stays as it is. */
  isDumb: boolean;
}

/** Puts the terminal into raw mode while the chat reads keys. */
export class TerminalModes {
  readonly #terminal: ChatTerminal;
  readonly #isRaw: boolean;
  readonly #on: string = '';
  readonly #off: string = '';
  #areOn = false;
  readonly #onKeys: (chunk: string) => void;

  constructor(terminal: ChatTerminal, onKeys: (chunk: string) => void, {reportsFocus, isDumb}: ModeOptions) {
    this.#terminal = terminal;
    this.#onKeys = onKeys;
    this.#isRaw = !isDumb;
    if (!isDumb) {
      this.#on = reportsFocus ? pasteOn + focusOn : pasteOn;
      this.#off = reportsFocus ? focusOff + restored : restored;
    }
    terminal.stdin.setEncoding('utf8');
  }

  /** Whether the chat has the terminal. */
  get areOn(): boolean {
    return this.#areOn;
  }

  enter(): void {
    this.#areOn = true;
    const {stdin, stdout} = this.#terminal;
    if (this.#isRaw) stdin.setRawMode?.(true);
    if (this.#on !== '') stdout.write(this.#on);
    stdin.on('data', this.#onKeys);
    stdin.resume();
  }

  /** Restores the terminal as it was before the chat. */
  leave(): void {
    this.#areOn = false;
    const {stdin, stdout} = this.#terminal;
    stdin.off('data', this.#onKeys);
    stdin.pause();
    if (this.#isRaw) stdin.setRawMode?.(false);
    if (this.#off !== '') stdout.write(this.#off);
  }

  /** Restores the terminal while another program uses it. */
  async lend(work: () => Promise<void>): Promise<void> {
    this.leave();
    try {
      await work();
    } finally {
      this.enter();
    }
  }
}
