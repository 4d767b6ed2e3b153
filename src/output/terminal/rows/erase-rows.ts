/**
 * Moves to the start of the row so many rows above the cursor, and erases everything from there on.
 *
 * tmux puts the screen into its history if `CSI J` starts in the upper left corner, so the first row is erased by itself.
 */
export const eraseRows = (up: number): string => `\r${up > 0 ? `\u001b[${up}A` : ''}\u001b[K\u001b[C\u001b[J\r`;

/** Moves to the start of an empty row: the next one, unless the cursor is at the start of this one. */
export const emptyRow = (columns: number): string => `${' '.repeat(columns)}\r\u001b[K`;
