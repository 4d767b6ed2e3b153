import {EventEmitter} from 'node:events';
import type {ChatTerminal} from '../chat-deps.js';
import {joinRows} from './join-rows.js';

/** Written to a muted canvas, it ends the muting. It is not drawn. */
export const unmute = '\u0000unmute';

/**
 * The stdout that Ink draws on. Ink clears the screen and the scrollback if its frame seems to be as tall as the terminal. The
 * frame never is, so this terminal claims to be endless.
 */
export class Canvas extends EventEmitter {
  readonly isTTY = true;
  readonly rows = 1_000_000;
  isMuted = false;
  #held: string | undefined;

  constructor(readonly stdout: ChatTerminal['stdout']) {
    super();
  }

  get columns(): number {
    return this.stdout.columns || 80;
  }

  readonly write = (text: string): boolean => {
    if (text === unmute) this.isMuted = false;
    if (this.isMuted || text === unmute) return true;
    const drawn = joinRows(text);
    if (this.#held === undefined) return this.stdout.write(drawn);
    this.#held += drawn;
    return true;
  };

  /** Shows everything that the work writes at once. */
  together(work: () => void): void {
    this.#held = '';
    try {
      work();
    } finally {
      const text = this.#held.replaceAll(/\u001b\[\?2026[hl]/g, '');
      this.#held = undefined;
      if (text !== '') this.write(`\u001b[?2026h${text}\u001b[?2026l`);
    }
  }
}
