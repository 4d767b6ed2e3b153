import {notification} from '../output/terminal/notification.js';

type Env = Readonly<Record<string, string | undefined>>;

/** If the terminal does not report its focus, replies that take longer than this are worth a notification. */
const longMs = 10_000;

/** Make the terminal report when it gets and loses the focus, or stop it. */
export const focusOn = '\u001b[?1004h';
export const focusOff = '\u001b[?1004l';

/** Notifies the user of a reply while the terminal is in the background. */
export class Notifier {
  readonly #write: (text: string) => void;
  readonly #env: Env;
  /** Undefined until the terminal reports it. */
  #hasFocus: boolean | undefined;

  constructor(write: (text: string) => void, env: Env) {
    this.#write = write;
    this.#env = env;
  }

  /** The terminal got or lost the focus. */
  setFocus(hasFocus: boolean): void {
    this.#hasFocus = hasFocus;
  }

  /** @param tookMs how long the reply took */
  replied(bot: string, tookMs: number): void {
    if (this.#hasFocus ?? tookMs < longMs) return;
    this.#write(notification(bot, this.#env));
  }
}
