import {sanitizeLine} from '../output/terminal/sanitize.js';

type Env = Readonly<Record<string, string | undefined>>;

/** From here on a reply is worth a sign where the terminal does not tell whether anybody looks. */
const longMs = 10_000;

/** Has the terminal tell when it is looked at and when not. */
export const focusOn = '\u001b[?1004h';
export const focusOff = '\u001b[?1004l';

/** Notifies the user of a reply while the terminal is in the background. */
export class Attention {
  readonly #write: (text: string) => void;
  readonly #env: Env;
  /** Undefined where the terminal has not told. */
  #isLookedAt: boolean | undefined;

  constructor(write: (text: string) => void, env: Env) {
    this.#write = write;
    this.#env = env;
  }

  /** The terminal tells that it is looked at from now on, or no longer. */
  focus(isLookedAt: boolean): void {
    this.#isLookedAt = isLookedAt;
  }

  /** @param tookMs how long the reply was waited for */
  answered(bot: string, tookMs: number): void {
    if (this.#isLookedAt ?? tookMs < longMs) return;
    this.#write(knowsNotes(this.#env) ? `\u001b]9;poe: ${sanitizeLine(bot)} replied\u0007` : '\u0007');
  }
}

/** Whether the terminal shows notes (OSC 9). Others do with the bell what their owner wants of it. */
const knowsNotes = ({TMUX, KITTY_WINDOW_ID, TERM_PROGRAM = ''}: Env): boolean =>
  !TMUX && (KITTY_WINDOW_ID !== undefined || /^(?:iTerm\.app|WezTerm|ghostty)$/.test(TERM_PROGRAM));
