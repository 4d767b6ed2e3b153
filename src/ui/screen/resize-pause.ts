/**
 * tmux rewraps the rows of a pane at once when its size changes, but tells the program in it at most four times a second.
 * Whatever is drawn in between goes to wrong rows.
 */
const tmuxDelayMs = 300;

/** How long to draw nothing after a resize, because the terminal may be resized again without telling. */
export const resizePauseMs = ({TMUX}: Readonly<Record<string, string | undefined>>): number => (TMUX ? tmuxDelayMs : 0);

/** The time after a resize in which nothing is drawn. */
export class ResizePause {
  readonly #ms: number;
  readonly #onEnd: () => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number, onEnd: () => void) {
    this.#ms = ms;
    this.#onEnd = onEnd;
  }

  get isOn(): boolean {
    return this.#timer !== undefined;
  }

  /** Starts the pause again, or for the first time. */
  start(): void {
    this.stop();
    if (this.#ms > 0)
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#onEnd();
      }, this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
