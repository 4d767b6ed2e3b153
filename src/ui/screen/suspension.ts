import process from 'node:process';
import type {Screen} from './screen.js';
import type {TerminalModes} from './terminal-modes.js';

/** If no shell controls the job, nothing stops. Then the chat goes on after this time. */
const stopMs = 20;

/** Stops the process on Ctrl+Z or SIGTSTP with a restored terminal, and takes the terminal again when it continues. */
export class Suspension {
  readonly #screen: Screen;
  readonly #modes: TerminalModes;
  #isSuspending = false;
  #continued: () => void = () => {};

  constructor(screen: Screen, modes: TerminalModes) {
    this.#screen = screen;
    this.#modes = modes;
  }

  /** Handles signals until `end`. Windows has none. */
  start(): void {
    if (process.platform === 'win32') return;
    process.on('SIGTSTP', this.#onStop);
    process.on('SIGCONT', this.#onContinue);
  }

  end(): void {
    process.off('SIGTSTP', this.#onStop);
    process.off('SIGCONT', this.#onContinue);
  }

  /** Stops the job of this process, as Ctrl+Z does outside of raw mode. */
  readonly suspend = async (): Promise<void> => {
    if (process.platform !== 'win32') await this.#stop(ownJob);
  };

  async #stop(pid: number): Promise<void> {
    if (this.#isSuspending) return;
    this.#isSuspending = true;
    try {
      // While another program has the terminal, there is nothing to restore.
      if (!this.#modes.areOn) await this.#stopNow(pid);
      else await this.#screen.lend(() => this.#modes.lend(() => this.#stopNow(pid)));
    } finally {
      this.#isSuspending = false;
    }
  }

  /** Stops with the default action of the signal, and returns when the process goes on. */
  async #stopNow(pid: number): Promise<void> {
    const continued = new Promise<void>((resolve) => (this.#continued = resolve));
    process.off('SIGTSTP', this.#onStop);
    process.kill(pid, 'SIGTSTP');
    const timer = setTimeout(this.#continued, stopMs);
    await continued;
    clearTimeout(timer);
    process.on('SIGTSTP', this.#onStop);
  }

  readonly #onStop = (): void => {
    // Nothing in it fails: signals to the own process are always allowed.
    void this.#stop(process.pid);
  };

  readonly #onContinue = (): void => {
    if (this.#isSuspending) return this.#continued();
    if (!this.#modes.areOn) return;
    // It was stopped by a signal that cannot be handled, and the shell has changed the terminal.
    this.#modes.leave();
    this.#modes.enter();
    this.#screen.renew();
  };
}

/** Addresses all processes of the job, for example npx too. */
const ownJob = 0;
