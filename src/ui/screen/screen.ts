import type {ChatTerminal} from '../chat-deps.js';
import type {ChatState} from '../state/chat-state.js';
import type {ChatStore} from '../state/store.js';
import type {Frame} from './layout.js';
import type {Reflow} from './reflow.js';

/** Draws the state of the chat below the scrollback. */
export interface Screen {
  /** Writes lines to the scrollback and draws the current state below them. */
  update(printed: string): void;
  /** Draws the frame at the cursor, after other programs wrote on the terminal. */
  renew(): void;
  /** Erases the frame for good. */
  close(): void;
  /** Erases the frame while another program uses the terminal. What is printed meanwhile follows afterwards. */
  lend(work: () => Promise<void>): Promise<void>;
}

export interface ScreenOptions {
  terminal: ChatTerminal;
  store: ChatStore;
  reflow: Reflow;
  /** How long nothing is drawn after a resize. */
  resizePauseMs: number;
  compose: Compose;
}

/** Lays a state out for a terminal of that size. */
export type Compose = (state: ChatState, columns: number, rows: number) => Frame;
