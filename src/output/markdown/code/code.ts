import type {ChalkInstance} from 'chalk';

/**
 * The state of a code block at the start of a line. The text itself is not changed and must be sanitized: each line has its
 * styles for itself.
 */
export interface Code {
  /** @returns the colored lines, and the state below them */
  read(lines: readonly string[], paint: ChalkInstance): {lines: string[]; next: Code};
}

/** The base colors that are readable on light and on dark terminals. */
export type Tone = 'dim' | 'magenta' | 'green' | 'cyan' | 'red';
