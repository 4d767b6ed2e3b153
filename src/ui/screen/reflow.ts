import {toRows} from '../../output/terminal/rows.js';
import type {Rows} from './layout.js';

/**
 * What a terminal that is made narrower does with rows that are too long for it: it breaks all anew, or all but the line that
 * the cursor is in, or none. None tells which, but some are known by the environment. A terminal that is not known is taken for
 * one that leaves the cursor's line alone: should it not, rows of the frame may stay behind, but none above it is taken.
 */
export type Reflow = 'all' | 'others';

type Env = Readonly<Record<string, string | undefined>>;

export function reflowOf({TMUX, TERM_PROGRAM = '', ...env}: Env): Reflow {
  // It may have been started from one of the others, whose variables it then passes on.
  if (TERM_PROGRAM === 'vscode') return 'others';
  const isKnown =
    TMUX || /^(?:iTerm\.app|Apple_Terminal|ghostty)$/.test(TERM_PROGRAM) || marks.some((name) => env[name]);
  return isKnown ? 'all' : 'others';
}

const marks = ['VTE_VERSION', 'KITTY_WINDOW_ID', 'WEZTERM_PANE', 'ALACRITTY_WINDOW_ID', 'WT_SESSION'];

/** How many rows above the cursor the frame begins, on a terminal that has so many columns now. */
export function rowsAbove({rows, caret}: Rows, columns: number, reflow: Reflow): number {
  if (reflow === 'others') return caret.y;
  return toRows(rows.slice(0, caret.y), columns).length + Math.floor(caret.x / columns);
}
