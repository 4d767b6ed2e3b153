import {EventEmitter} from 'node:events';
import type {ChatTerminal} from '../chat-deps.js';

/**
 * The stdout on which Ink draws. With `debug`, Ink writes each frame as plain rows, without moving the cursor, and the screen
 * decides how they reach the terminal.
 */
export class Canvas extends EventEmitter {
  readonly isTTY = true;
  /** The rows of the last frame. */
  drawn: readonly string[] = [];

  constructor(readonly stdout: ChatTerminal['stdout']) {
    super();
  }

  get columns(): number {
    return this.stdout.columns || 80;
  }

  get rows(): number {
    return this.stdout.rows || 24;
  }

  /** Asks the terminal for its size, because the signal of a resize may still be on its way. Emits `resize` if it has changed. */
  updateSize(): void {
    this.stdout._refreshSize?.();
  }

  readonly write = (text: string): boolean => {
    this.drawn = text.split('\n');
    return true;
  };
}
