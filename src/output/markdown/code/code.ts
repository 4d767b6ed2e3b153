/**
 * The state of a code block at the start of a line. The text itself is not changed and must be sanitized: each line has its
 * styles for itself.
 */
export interface Code {
  /** @returns the colored lines, and the state below them */
  read(lines: readonly string[], paint: CodePaint): {lines: string[]; next: Code};
}

/** Colors a part of a line. chalk is one. */
export type CodePaint = Readonly<Record<Tone, (text: string) => string>>;

/** The base colors that are readable on light and on dark terminals. */
export type Tone = 'dim' | 'magenta' | 'green' | 'cyan' | 'red';
