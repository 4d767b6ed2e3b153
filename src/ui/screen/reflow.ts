import {toRows} from '../../output/terminal/rows/rows.js';
import type {Caret} from './layout.js';

/**
 * What a terminal does with rows that are too long after it was made narrower: it rewraps all of them, or all except the line
 * with the cursor. Terminals do not tell, but some are known by their environment variables. An unknown one is assumed to leave
 * the cursor's line alone: if it does not, rows of the frame may stay behind, but nothing above the frame is erased.
 */
export type Reflow = 'all' | 'others';

type Env = Readonly<Record<string, string | undefined>>;

export function reflowOf({TMUX, TERM_PROGRAM = '', ...env}: Env): Reflow {
  // VS Code may have been started from another terminal and pass on its variables.
  if (TERM_PROGRAM === 'vscode') return 'others';
  const rewrapsAll =
    TMUX || /^(?:iTerm\.app|Apple_Terminal|ghostty)$/.test(TERM_PROGRAM) || variables.some((name) => env[name]);
  return rewrapsAll ? 'all' : 'others';
}

const variables = ['VTE_VERSION', 'KITTY_WINDOW_ID', 'WEZTERM_PANE', 'ALACRITTY_WINDOW_ID', 'WT_SESSION'];

/** A frame as it is drawn. */
export interface Picture {
  /** Each is narrower than the terminal. */
  rows: readonly string[];
  /** Counted from the first row. */
  caret: Caret;
}

/** How many rows above the cursor the picture starts, on a terminal that is now `columns` wide. */
export function rowsAbove({rows, caret}: Picture, columns: number, reflow: Reflow): number {
  if (reflow === 'others') return caret.y;
  return toRows(rows.slice(0, caret.y), columns).length + Math.floor(caret.x / columns);
}
